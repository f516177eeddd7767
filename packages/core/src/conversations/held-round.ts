import type { Message } from '@switchboard/agents';
import type { AgentRunRow, AgentStepRow, Hold } from '../journal/rows.ts';

/** A round that is written down and held by this hub. */
export interface HeldRound {
  run: AgentRunRow;
  hold: Hold;
  /** What it has already, where it goes on. */
  steps: readonly AgentStepRow[];
  /** What was said before it. */
  before: readonly Message[];
  /** Somebody watches who answers its questions. */
  isWatched: boolean;
  /** A page wants pieces; a caller that wants one answer does not. */
  stream: boolean;
  /** It goes on without being asked for, whatever else goes on. */
  isLetIn?: boolean;
}
