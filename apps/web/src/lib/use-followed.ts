import { useEffect, useRef, useState } from 'react';
import { followedOn, opened, unfollowed, type FollowState, type ActiveFollow } from './followed.ts';
import { useStream, type StreamOptions } from './use-stream.ts';

const gatherMs = 50;
const againMs = 1500;

interface Following<State extends ActiveFollow, News> {
  /** What is followed; null: nothing goes on. */
  id: string | null;
  silent: State;
  next: (state: State, news: News, at: number) => State;
  /** Opens what is told behind this place. */
  open: (
    id: string,
    after: number,
    ...observer: Parameters<StreamOptions<News>['open']>
  ) => { unsubscribe: () => void };
  /** Something was not told here. */
  onGap: () => void;
  /** It ended, or is not told any more. */
  onEnd: () => void;
}

/** Follows what goes on, over lost connections and other hubs too; null where nothing goes on. */
export function useFollowed<State extends ActiveFollow, News>(following: Following<State, News>): State | null {
  const { id, silent, next, open, onEnd } = following;
  /** Counts how often a stream ended although it goes on: another hub carries it on then. */
  const [turn, setTurn] = useState(0);
  const key = id === null ? null : `${turn} ${id}`;
  const [of, setOf] = useState<FollowState<State> & { key: string | null }>({ ...unfollowed(silent), key: null });
  if (of.key !== key) setOf({ ...unfollowed(silent), key });
  const latest = useRef({ of, following });
  useEffect(() => void (latest.current = { of, following }));
  const from = useRef(silent);

  const hasEnded = key !== null && of.key === key && of.shown.end !== null;
  useEffect(() => {
    if (!hasEnded) return;
    const timer = setTimeout(() => setTurn((last) => last + 1), againMs);
    return () => clearTimeout(timer);
  }, [hasEnded]);
  const { gaps } = of.shown;
  useEffect(() => {
    if (gaps > 0) latest.current.following.onGap();
  }, [gaps]);

  useStream<News>({
    key,
    gatherMs,
    open: (observer) => {
      from.current = latest.current.of.key === key ? latest.current.of.shown : silent;
      return open(id ?? '', from.current.seq, observer);
    },
    onStart: () => {
      const begin = from.current;
      setOf((last) => (last.key === key ? { ...opened(last, begin, Date.now()), key } : last));
    },
    onItems: (news) => {
      const at = Date.now();
      setOf((last) => (last.key === key ? { ...followedOn(last, news, at, next), key } : last));
    },
    onError: onEnd,
    onEnd,
  });
  return key !== null && of.key === key ? of.shown : null;
}
