import type { Message } from '@switchboard/agents';
import type { AgentRunRow, AgentStepRow, WriteRight } from '../journal/rows.ts';

/** A round that is written down and held by this hub. */
export interface HeldRound {
  run: AgentRunRow;
  hold: WriteRight;
  /** The stored steps of a round that continues. */
  steps: readonly AgentStepRow[];
  /** The messages before this round. */
  before: readonly Message[];
  /** True where a person is watching who can answer questions. */
  isWatched: boolean;
  /** A page wants pieces; a caller that wants one answer does not. */
  stream: boolean;
  /** It resumes without being asked, so the bound of running rounds does not apply. */
  isLetIn?: boolean;
}
