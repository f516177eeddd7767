import type { ReasonCode } from '@switchboard/core/calls/schema';
import { hub } from './hub.ts';
import { models } from './models.ts';
import { people } from './people.ts';
import { servers } from './servers.ts';

/** Why something is as it is, by the hub's codes. Its English comes from the hub. */
export const reasons: Readonly<Record<ReasonCode, string>> = { ...servers, ...people, ...models, ...hub };
