import type { DomainEvent } from './events.ts';
import { groupLive } from './groups/live.ts';
import { keyLive } from './keys/live.ts';
import type { LiveRule, LiveRules } from './live.ts';
import { modelLive } from './models/live.ts';
import { serverLive } from './servers/live.ts';
import { stackLive } from './stacks/live.ts';
import { userLive } from './users/live.ts';

/** Who hears of which event; an event of no rule does not compile. */
export const liveRules: LiveRules<DomainEvent['type']> = {
  ...serverLive,
  ...groupLive,
  ...userLive,
  ...keyLive,
  ...stackLive,
  ...modelLive,
};

/** The rule of an event; null where nobody is told of it. */
export function liveRuleOf(event: DomainEvent): LiveRule | null {
  return liveRules[event.type];
}
