import type { en } from '../en/index.ts';
import type { Translation } from '../translation.ts';
import { common } from './common.ts';
import { httpHints } from './http-hints.ts';
import { parts } from './parts.ts';
import { shell } from './shell.ts';
import { things } from './things.ts';
import { values } from './values.ts';
import { versions } from './versions.ts';

export { reasons } from './reasons/index.ts';

export const zhCN = {
  ...common,
  ...parts,
  ...shell,
  ...things,
  ...httpHints,
  ...values,
  ...versions,
} satisfies Translation<typeof en>;
