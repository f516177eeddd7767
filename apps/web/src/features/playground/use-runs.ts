import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPCClient } from '../../lib/trpc.ts';
import type { Reply, Run, RunRequest } from './run-state.ts';
import { runStore, type Launch } from './run-store.ts';

/** A run's input travels in its address, which servers and proxies limit: larger ones are sent before. */
const longestAddress = 4_000;

/** The calls of this tab, and how to start, cancel and answer them. */
export function useRuns() {
  const { t } = useTranslation();
  const api = useTRPCClient();
  const runs = useSyncExternalStore(runStore.subscribe, runStore.runs);

  function open(request: RunRequest | { heldId: string }, on: Parameters<Launch>[1]) {
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
  }

  const launch: Launch = (request, on) => {
    if (encodeURIComponent(JSON.stringify(request)).length <= longestAddress) return open(request, on);
    let handle: { unsubscribe(): void } | null = null;
    let cancelled = false;
    api.playground.hold.mutate(request).then(
      (held) => {
        if (!cancelled) handle = open(held, on);
      },
      (error: unknown) => on.failed(toFailure(error).message),
    );
    return {
      unsubscribe: () => {
        cancelled = true;
        handle?.unsubscribe();
      },
    };
  };

  return {
    runs,
    start: (request: RunRequest) => runStore.start(launch, request, t('playground.lost')),
    cancel: (run: Run) => runStore.cancel(run.key),
    clear: runStore.clear,
    async answer(run: Run, askId: string, reply: Reply): Promise<void> {
      if (run.runId === null) return;
      await api.playground.answer.mutate({ runId: run.runId, askId, ...reply });
      runStore.answered(run.key, askId);
    },
  };
}
