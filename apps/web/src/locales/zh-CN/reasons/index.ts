import type { ReasonCode } from '@switchboard/core/calls/schema';
import { alerts } from './alerts.ts';
import { apps } from './apps.ts';
import { configFile } from './config-file.ts';
import { conversations } from './conversations.ts';
import { engines } from './engines.ts';
import { generatedTools } from './generated-tools.ts';
import { graphs } from './graphs.ts';
import { groups } from './groups.ts';
import { hub } from './hub.ts';
import { models } from './models.ts';
import { oauth } from './oauth.ts';
import { people } from './people.ts';
import { servers } from './servers.ts';
import { settings } from './settings.ts';
import { slots } from './slots.ts';
import { webhooks } from './webhooks.ts';
import { work } from './work.ts';

/** Why something is as it is, by the hub's codes. Its English comes from the hub. */
export const reasons: Readonly<Record<ReasonCode, string>> = {
  ...hub,
  ...alerts,
  ...apps,
  ...oauth,
  ...people,
  ...generatedTools,
  ...graphs,
  ...groups,
  ...models,
  ...servers,
  ...settings,
  ...configFile,
  ...conversations,
  ...engines,
  ...slots,
  ...webhooks,
  ...work,
};
