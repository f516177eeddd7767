import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPCClient } from '../../lib/trpc.ts';
import type { Run, RunRequest } from './run-state.ts';
import { runStore, type Launch } from './run-store.ts';

/** A run's input travels in its address, which servers and proxies limit. */
const largestRequest = 12_000;

/** The calls of this tab, and how to start, cancel and answer them. */
export function useRuns() {
  const { t } = useTranslation();
  const api = useTRPCClient();
  const runs = useSyncExternalStore(runStore.subscribe, runStore.runs);

  const launch: Launch = (request, on) => {
    if (encodeURIComponent(JSON.stringify(request)).length > largestRequest) {
      queueMicrotask(() => on.failed(t('playground.tooLarge')));
      return { unsubscribe: () => {} };
    }
    let started = false;
    let ended = false;
    const subscription = api.playground.run.subscribe(request, {
      onStarted: () => void (started = true),
      onData: (event) => {
        ended ||= event.type === 'result' || event.type === 'error';
        on.event(event);
      },
      onError: (error) => on.failed(toFailure(error).message),
      onComplete: () => {
        if (!ended) on.lost();
      },
      onConnectionStateChange: ({ state }) => {
        // A broken stream would be opened again, which would make the call a second time.
        if (state !== 'connecting' || !started || ended) return;
        subscription.unsubscribe();
        on.lost();
      },
    });
    return subscription;
  };

  return {
    runs,
    start: (request: RunRequest) => runStore.start(launch, request, t('playground.lost')),
    cancel: (run: Run) => runStore.cancel(run.key),
    clear: runStore.clear,
    async answer(run: Run, askId: string, result: { [key: string]: unknown }): Promise<void> {
      if (run.runId === null) return;
      await api.playground.answer.mutate({ runId: run.runId, askId, result });
      runStore.answered(run.key, askId);
    },
  };
}
