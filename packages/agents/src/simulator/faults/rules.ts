import type { JsonObject } from '../../types.ts';
import { randomOf, type Random } from '../chance.ts';
import { valueAt } from '../pointer.ts';
import type { Scope } from '../ports.ts';
import { canonical } from '../schema/canonical.ts';
import type { Fault, FaultRule, SimulatedApp } from '../types.ts';
import { profiles } from './profiles.ts';

/** A fault and the chance that decides about it. */
export interface MetFault {
  fault: Fault;
  /** Stays the same while others come and go. */
  id: string;
  random: Random;
}

/** The facts that rules check. */
export interface Facing {
  seed: string;
  /** The name of the action; of a list, its method. */
  action: string;
  number: number;
  arguments: JsonObject;
}

function argumentHolds(rule: NonNullable<FaultRule['argument']>, args: JsonObject): boolean {
  const value = valueAt(args, rule.pointer);
  if (value === undefined) return false;
  if (rule.equals !== undefined && canonical(rule.equals) !== canonical(value)) return false;
  return rule.contains === undefined || (typeof value === 'string' && value.includes(rule.contains));
}

function holds(rule: FaultRule, { action, number, arguments: args }: Facing, random: Random): boolean {
  // Drawn in any case: what comes after does not depend on the rule.
  const drawn = random();
  if (rule.first !== undefined && number > rule.first) return false;
  if (rule.every !== undefined && (rule.every < 1 || number % rule.every !== 0)) return false;
  if (rule.action !== undefined && rule.action !== action) return false;
  if (rule.argument !== undefined && !argumentHolds(rule.argument, args)) return false;
  return rule.rate === undefined || drawn < rule.rate;
}

/** The faults there are for a caller of an app: those of the profile, the app's and the caller's own. */
function faultsOf(app: SimulatedApp, scope: Scope): { fault: Fault; id: string }[] {
  const profile = scope.profile ?? app.profile;
  const sources = { profile: profile === null ? [] : profiles[profile], app: app.faults, scope: scope.faults };
  return Object.entries(sources).flatMap(([source, faults]) =>
    faults.map((fault, index) => ({ fault, id: `${source}:${index}` })),
  );
}

/** The faults that a call meets, or a list. Seed, action and number decide. */
export function metFaults(app: SimulatedApp, scope: Scope, facing: Facing): MetFault[] {
  return faultsOf(app, scope)
    .filter(({ fault }) => (fault.kind === 'list-changes') === (facing.action === 'tools/list'))
    .map(({ fault, id }) => ({ fault, id, random: randomOf(facing.seed, facing.action, facing.number, id) }))
    .filter(({ fault, random }) => holds(fault, facing, random));
}
