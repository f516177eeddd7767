import { useState } from 'react';
import type { Run } from './api-types.ts';
import { emptyRun, nextRun, type RunEvent } from './run-state.ts';
import { toFailure, useTRPCClient } from './trpc.ts';
import { useStream } from './use-stream.ts';

function begun(runId: string | null) {
  return { runId, run: emptyRun, lost: null as string | null };
}

/** Follows something that takes its time on an engine: a pull, a build, a deployment. */
export function useRun(runId: string | null, onEnd?: (run: Run) => void) {
  const api = useTRPCClient();
  const [state, setState] = useState(() => begun(runId));
  const current = state.runId === runId ? state : begun(runId);
  useStream<RunEvent>({
    key: runId,
    open: (on) => api.engines.run.subscribe({ runId: runId ?? '', after: current.run.seq }, on),
    onItems: (events) => {
      setState((old) => {
        const { run, lost } = old.runId === runId ? old : begun(runId);
        return { runId, run: events.reduce(nextRun, run), lost };
      });
      const last = events.at(-1);
      if (last?.type === 'end') onEnd?.(last.run);
    },
    onError: (error) => setState((old) => ({ ...old, runId, lost: toFailure(error).message })),
  });
  function cancel() {
    if (runId !== null) void api.engines.cancelRun.mutate({ runId });
  }
  return { ...current.run, lost: current.lost, cancel };
}
