import { test } from 'vitest';
import { agentsRequirements } from './agents/requirements.ts';
import { containersRequirements } from './containers/requirements.ts';
import { hubRequirements } from './hub/requirements.ts';
import { registryRequirements } from './registry/requirements.ts';
import type { Requirement } from './requirement.ts';
import { simulatorRequirements } from './simulator/requirements.ts';

export const requirements: readonly Requirement[] = [
  ...containersRequirements,
  ...hubRequirements,
  ...simulatorRequirements,
  ...agentsRequirements,
  ...registryRequirements,
];

/** A test of one documented row: its title carries the row, so that the coverage test finds it. */
export function verifies(row: number, fact: string, run: () => Promise<void>): void {
  const requirement = requirements.find((entry) => entry.row === row);
  if (!requirement) throw new Error(`There is no documented row ${row}.`);
  if (requirement.deferred) throw new Error(`Row ${row} is deferred to ${requirement.deferred}, yet tested.`);
  test(`#${row} ${requirement.route}: ${fact}`, run);
}
