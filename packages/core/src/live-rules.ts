import type { DomainEvent } from './events.ts';
import * as tables from './live-tables.ts';
import type { LiveRule, LiveRules } from './live.ts';

type Tables = typeof tables;
type Folded<All> = (All extends unknown ? (one: All) => void : never) extends (all: infer Both) => void ? Both : never;

/** The rule of each event: who receives it. An event without a rule does not compile. */
export const liveRules: LiveRules<DomainEvent['type']> = Object.assign({}, ...Object.values(tables)) as Folded<
  Tables[keyof Tables]
>;

/** The rule of an event; null where no listener gets it. */
export function liveRuleOf(event: DomainEvent): LiveRule | null {
  return liveRules[event.type];
}
