import type { tables } from '@switchboard/db';

export type AgentRunRow = typeof tables.agentRuns.$inferSelect;
export type AgentStepRow = typeof tables.agentSteps.$inferSelect;

/** The right to write into a run: the hub that took it last has it. */
export interface WriteRight {
  runId: string;
  epoch: number;
}

/** It waits for people, and no hub carries it out meanwhile. */
export function isSuspended({ state, hubId }: Pick<AgentRunRow, 'state' | 'hubId'>): boolean {
  return state === 'waiting' && hubId === null;
}
