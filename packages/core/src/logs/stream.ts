import type { CallRecord, Runtime } from '@switchboard/mcp-runtime/types';
import { messageOf } from '../errors.ts';
import type { Log } from '../ports.ts';
import type { Logged, Logs } from './contract.ts';
import type { HubLog } from './hub-log.ts';
import { failedOutcomes } from './schema.ts';

function isFailed({ outcome }: CallRecord): boolean {
  return failedOutcomes.some((failed) => failed === outcome);
}

/** Joins what is logged; `close` ends it. */
export function createLogs(hub: HubLog, runtime: Pick<Runtime, 'subscribe'>, log: Log): Logs & { close(): void } {
  const listeners = new Set<(logged: Logged) => void>();
  function tell(logged: Logged) {
    for (const listener of listeners) {
      try {
        listener(logged);
      } catch (error) {
        // The listener gets no more records: its next failure would be about the line of this failure.
        listeners.delete(listener);
        log.error({ error: messageOf(error) }, 'A reader of the log failed');
      }
    }
  }
  const ends = [
    hub.subscribe((line) => tell({ source: 'hub', line })),
    runtime.subscribe((event) => {
      if (event.type === 'log') tell({ source: 'server', line: event.line });
      else if (event.type === 'call' && isFailed(event.record)) tell({ source: 'calls', call: event.record });
    }),
  ];
  return {
    hub,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    audited(rows) {
      for (const row of rows) tell({ source: 'audit', row });
    },
    close() {
      for (const end of ends.splice(0)) end();
      listeners.clear();
    },
  };
}
