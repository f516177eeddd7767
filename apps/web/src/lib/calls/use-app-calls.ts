import { useEffect, useRef, useState } from 'react';
import { AppError } from '../../ui/app-frame/host.ts';
import { useTRPCClient } from '../trpc.ts';
import { nextRun, startRun, type Params, type Reply, type Run, type RunRequest } from './run-state.ts';
import { useLaunch } from './use-launch.ts';

/** A failure of a call, as the app of a server may know it. */
function failureOf(run: Run): AppError {
  const { outcome } = run;
  if (outcome.kind !== 'error') return new AppError('The call was given up.');
  return new AppError(outcome.message, outcome.code ?? undefined);
}

/** Calls that the user interface of a server makes: like those of a person here, with the same rights and records. */
export function useAppCalls(serverId: string) {
  const launch = useLaunch();
  const api = useTRPCClient();
  const [asking, setAsking] = useState<readonly Run[]>([]);
  const ends = useRef(new Set<() => void>());
  const counter = useRef(0);
  const last = useRef<Promise<void>>(Promise.resolve());
  const isGone = useRef(false);
  useEffect(() => {
    const open = ends.current;
    isGone.current = false;
    return () => {
      isGone.current = true;
      for (const end of open) end();
    };
  }, []);

  function show(run: Run) {
    setAsking((old) => [...old.filter(({ key }) => key !== run.key), ...(run.asks.length > 0 ? [run] : [])]);
  }

  function begin(request: RunRequest): Promise<Params> {
    const { promise, resolve, reject } = Promise.withResolvers<Params>();
    counter.current += 1;
    let run = startRun(`app ${counter.current}`, request, Date.now());
    function take(event: Parameters<typeof nextRun>[1]) {
      run = nextRun(run, event);
      show(run);
      if (run.outcome.kind === 'running') return;
      handle.unsubscribe();
      ends.current.delete(end);
      if (run.outcome.kind === 'result') resolve(run.outcome.result);
      else reject(failureOf(run));
    }
    function fail(message: string) {
      take({ type: 'error', code: -32_000, message, durationMs: Date.now() - run.startedAt });
    }
    const handle = launch(request, { event: take, failed: fail, lost: () => fail('The connection to the hub broke.') });
    function end() {
      if (run.runId !== null) void api.playground.cancel.mutate({ runId: run.runId }).catch(() => undefined);
      take({ type: 'cancelled', at: Date.now() });
    }
    ends.current.add(end);
    return promise;
  }

  /**
   * One after the other: calls at the same time may each get a program of their own, and what one of them leaves behind
   * is not there for the next.
   */
  async function call(request: RunRequest): Promise<Params> {
    const before = last.current;
    const { promise, resolve } = Promise.withResolvers<void>();
    last.current = promise;
    await before;
    try {
      if (isGone.current) throw new AppError('The call was given up.');
      return await begin(request);
    } finally {
      resolve();
    }
  }

  return {
    /** Calls in which the server asks the person something. */
    asking,
    callTool: (name: string, args: Params) => call({ serverId, method: 'tools/call', name, arguments: args }),
    readResource: (uri: string) => call({ serverId, method: 'resources/read', name: uri, arguments: {} }),
    async answer({ runId, key }: Run, askId: string, reply: Reply): Promise<void> {
      if (runId === null) return;
      await api.playground.answer.mutate({ runId, askId, ...reply });
      setAsking((old) =>
        old.map((run) => (run.key === key ? { ...run, asks: run.asks.filter((ask) => ask.askId !== askId) } : run)),
      );
    },
  };
}
