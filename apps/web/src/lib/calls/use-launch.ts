import { toFailure, useTRPCClient } from '../trpc.ts';
import type { Launch } from './launch.ts';
import type { RunEvent, RunRequest } from './run-state.ts';

/** A run's input travels in its address, which servers and proxies limit: larger ones are sent before. */
const longestAddress = 4_000;

/** How a call is made and told of. */
export function useLaunch(): Launch {
  const api = useTRPCClient();

  function open(request: RunRequest | { heldId: string }, on: Parameters<Launch>[1]) {
    let runId: string | null = null;
    let seq = 0;
    let ended = false;
    function onData(event: RunEvent) {
      if (event.type === 'started') ({ runId } = event);
      if ('seq' in event) ({ seq } = event);
      ended ||= event.type === 'result' || event.type === 'error';
      on.event(event);
    }
    function onComplete() {
      if (!ended) on.lost();
    }
    function follow(id: string) {
      return api.playground.follow.subscribe({ runId: id, after: seq }, { onData, onComplete, onError: on.lost });
    }
    let started = false;
    let subscription = api.playground.run.subscribe(request, {
      onStarted: () => void (started = true),
      onData,
      onComplete,
      onError: (error) => on.failed(toFailure(error).message),
      onConnectionStateChange: ({ state }) => {
        if (state !== 'connecting' || !started || ended) return;
        // A broken stream would be opened again, which would make the call a second time.
        subscription.unsubscribe();
        if (runId === null) on.lost();
        else subscription = follow(runId);
      },
    });
    return { unsubscribe: () => subscription.unsubscribe() };
  }

  return (request, on) => {
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
}
