import type { Fault, SimulatedAction } from '@switchboard/agents/simulator';
import { AppActions, AppFaults } from './fields.ts';

/** Actions as they are stored. JSON has no `undefined`, so every field has a value. */
export function storedActions(actions: unknown): SimulatedAction[] {
  return AppActions.parse(actions) as SimulatedAction[];
}

/** Faults as they are stored. */
export function storedFaults(faults: unknown): Fault[] {
  return AppFaults.parse(faults) as Fault[];
}
