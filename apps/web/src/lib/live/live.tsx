import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { CallRecord, LogLine } from '../api-types.ts';
import { useTRPC, useTRPCClient } from '../trpc.ts';
import { createApplier } from './apply.ts';
import type { LiveState } from './hub.ts';
import { openLive, type LiveTab } from './tab.ts';

interface LiveRequest {
  log?: { serverId: string; tell: (line: LogLine) => void };
  call?: (record: CallRecord) => void;
}

interface Live {
  state: LiveState;
  wish(wish: LiveRequest): () => void;
}

const LiveContext = createContext<Live | null>(null);

function interestOf(wishes: Iterable<LiveRequest>) {
  const all = [...wishes];
  return {
    logs: [...new Set(all.flatMap((each) => (each.log ? [each.log.serverId] : [])))],
    calls: all.some((each) => each.call !== undefined),
  };
}

/** Keeps the query cache in step with the hub and hands log lines and calls to whoever shows them. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const wishes = useRef(new Set<LiveRequest>());
  const tab = useRef<LiveTab | null>(null);

  useEffect(() => {
    const applier = createApplier(queryClient, trpc);
    let opened = false;
    // What was read before the stream was open may have changed since.
    let behind = true;
    const live = openLive(api, (message) => {
      if (message.kind === 'state') {
        setState(message.state);
        const isOpen = message.state === 'open';
        if (isOpen && behind) applier.catchUp();
        opened ||= isOpen;
        behind = !isOpen;
        return;
      }
      const { event } = message;
      if (event.type === 'log') {
        for (const { log } of wishes.current) if (log?.serverId === event.line.serverId) log.tell(event.line);
      } else if (event.type === 'call') {
        for (const { call } of wishes.current) call?.(event.record);
        applier.callEnded();
      } else applier.apply(event);
    });
    tab.current = live;
    live.want(interestOf(wishes.current));
    // Whoever just signed in does not wait for the next attempt.
    const soon = setTimeout(() => !opened && live.restart(), 1500);
    return () => {
      clearTimeout(soon);
      tab.current = null;
      applier.close();
      live.close();
    };
  }, [api, queryClient, trpc]);

  const value = useMemo<Live>(
    () => ({
      state,
      wish(wish) {
        wishes.current.add(wish);
        tab.current?.want(interestOf(wishes.current));
        return () => {
          wishes.current.delete(wish);
          tab.current?.want(interestOf(wishes.current));
        };
      },
    }),
    [state],
  );
  return <LiveContext value={value}>{children}</LiveContext>;
}

function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('Live data needs a LiveProvider above it');
  return live;
}

export function useLiveState(): LiveState {
  return useLive().state;
}

/** Calls back with each new log line of a server while the component is shown. */
export function useLiveLogs(serverId: string, tell: (line: LogLine) => void): void {
  const { wish } = useLive();
  const latest = useRef(tell);
  useEffect(() => void (latest.current = tell));
  useEffect(() => wish({ log: { serverId, tell: (line) => latest.current(line) } }), [wish, serverId]);
}

/** Calls back with each finished call while the component is shown. */
export function useLiveCalls(tell: (record: CallRecord) => void): void {
  const { wish } = useLive();
  const latest = useRef(tell);
  useEffect(() => void (latest.current = tell));
  useEffect(() => wish({ call: (record) => latest.current(record) }), [wish]);
}
