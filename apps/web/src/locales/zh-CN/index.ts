import type { en } from '../en/index.ts';
import type { Translation } from '../translation.ts';
import { common } from './common.ts';
import { parts } from './parts.ts';
import { shell } from './shell.ts';
import { things } from './things.ts';
import { told } from './told.ts';
import { values } from './values.ts';

export const zhCN = { ...common, ...parts, ...shell, ...things, ...told, ...values } satisfies Translation<typeof en>;
