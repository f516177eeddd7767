import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reply, Run, RunRequest } from '../../lib/calls/run-state.ts';
import { useLaunch } from '../../lib/calls/use-launch.ts';
import { useTRPCClient } from '../../lib/trpc.ts';
import { runStore } from './run-store.ts';

/** The calls of this tab, and how to start, cancel and answer them. */
export function useRuns() {
  const { t } = useTranslation();
  const api = useTRPCClient();
  const runs = useSyncExternalStore(runStore.subscribe, runStore.runs);
  const launch = useLaunch();
  return {
    runs,
    start: (request: RunRequest) => runStore.start(launch, request, t('playground.lost')),
    cancel(run: Run) {
      if (run.runId !== null) void api.playground.cancel.mutate({ runId: run.runId }).catch(() => undefined);
      runStore.cancel(run.key);
    },
    clear: runStore.clear,
    async answer(run: Run, askId: string, reply: Reply): Promise<void> {
      if (run.runId === null) return;
      await api.playground.answer.mutate({ runId: run.runId, askId, ...reply });
      runStore.answered(run.key, askId);
    },
  };
}
