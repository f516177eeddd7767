import { useEffect, useRef } from 'react';
import { useLookedAt } from './use-looked-at.ts';

interface Observer<Item> {
  onStarted: () => void;
  onData: (item: Item) => void;
  onError: (error: unknown) => void;
  onComplete: () => void;
}

export interface StreamOptions<Item> {
  /** The stream is opened anew when this changes; null: not open. */
  key: string | null;
  open: (observer: Observer<Item>) => { unsubscribe: () => void };
  /** What came, gathered: a stream that writes fast costs a few renders a second. */
  onItems: (items: Item[]) => void;
  /** It begins, or begins again after the connection was lost. */
  onStart?: () => void;
  onError?: (error: unknown) => void;
  onEnd?: () => void;
  /** How long what came is gathered. */
  gatherMs?: number;
}

const usualGatherMs = 120;

/** Follows a stream of the hub while the component is shown, in a tab that somebody looks at. */
export function useStream<Item>({ key: wanted, ...rest }: StreamOptions<Item>): void {
  const key = useLookedAt() ? wanted : null;
  const latest = useRef(rest);
  useEffect(() => void (latest.current = rest));
  useEffect(() => {
    if (key === null) return;
    let items: Item[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    function flush() {
      clearTimeout(timer);
      timer = undefined;
      if (items.length === 0) return;
      const taken = items;
      items = [];
      latest.current.onItems(taken);
    }
    const subscription = latest.current.open({
      onStarted: () => {
        items = [];
        latest.current.onStart?.();
      },
      onData: (item) => {
        items.push(item);
        timer ??= setTimeout(flush, latest.current.gatherMs ?? usualGatherMs);
      },
      onError: (error) => {
        flush();
        latest.current.onError?.(error);
      },
      onComplete: () => {
        flush();
        latest.current.onEnd?.();
      },
    });
    return () => {
      subscription.unsubscribe();
      clearTimeout(timer);
    };
  }, [key]);
}
