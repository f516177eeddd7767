import type { en } from '../en/index.ts';
import type { Translation } from '../translation.ts';
import { containers } from './containers.ts';
import { engines } from './engines.ts';
import { groups } from './groups.ts';
import { hub } from './hub.ts';
import { notes } from './notes.ts';
import { people } from './people.ts';
import { serverHomes } from './server-homes.ts';
import { servers } from './servers.ts';
import { shell } from './shell.ts';
import { stacks } from './stacks.ts';
import { told } from './told.ts';
import { work } from './work.ts';

export const zhCN = {
  ...shell,
  ...servers,
  ...serverHomes,
  ...work,
  ...hub,
  ...notes,
  ...people,
  ...groups,
  ...containers,
  ...engines,
  ...stacks,
  ...told,
} satisfies Translation<typeof en>;
