import type { Translation } from '../translation.ts';
import type { en } from '../en/index.ts';
import { hub } from './hub.ts';
import { servers } from './servers.ts';
import { shell } from './shell.ts';
import { work } from './work.ts';

export const zhCN = { ...shell, ...servers, ...work, ...hub } satisfies Translation<typeof en>;
