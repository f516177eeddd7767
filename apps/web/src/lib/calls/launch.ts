import type { RunEvent, RunRequest } from './run-state.ts';

export interface Handle {
  unsubscribe(): void;
}

/** Starts a call and tells its events; `lost` when the stream broke before the end. */
export type Launch = (
  request: RunRequest,
  on: { event: (event: RunEvent) => void; failed: (message: string) => void; lost: () => void },
) => Handle;
