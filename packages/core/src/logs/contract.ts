import type { tables } from '@switchboard/db';
import type { CallRecord, LogLine } from '@switchboard/mcp-runtime/types';
import type { HubLine, HubLog } from './hub-log.ts';

/** A log record before its readers are known. */
export type Logged =
  | { source: 'hub'; line: HubLine }
  | { source: 'server'; line: LogLine }
  | { source: 'audit'; row: typeof tables.audit.$inferSelect }
  | { source: 'calls'; call: CallRecord };

/** The log of this hub as it is written: its own lines, those of servers, changes, and calls that failed. */
export interface Logs {
  hub: Pick<HubLog, 'lines'>;
  /** Called for every record; a caller that passes records on asks `readLog` or `mayReadLog` for each reader. */
  subscribe(this: void, listener: (logged: Logged) => void): () => void;
  /** Tells of entries of the trail that are committed. */
  audited(this: void, rows: readonly (typeof tables.audit.$inferSelect)[]): void;
}
