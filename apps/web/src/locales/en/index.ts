import { common } from './common.ts';
import { httpHints } from './http-hints.ts';
import { parts } from './parts.ts';
import { shell } from './shell.ts';
import { things } from './things.ts';
import { values } from './values.ts';
import { versions } from './versions.ts';

/** Words that several features, or none, say; those of one feature stand in its folder. */
export const en = { ...common, ...parts, ...shell, ...things, ...httpHints, ...values, ...versions };
