import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTRPC, useTRPCClient } from '../../lib/trpc.ts';
import { useStream } from '../../lib/use-stream.ts';
import { followedOn, opened, unfollowed, type Followed, type LiveRound } from './live-round.ts';
import type { News, Round } from './types.ts';

const gatherMs = 50;
const againMs = 1500;

interface Of extends Followed {
  key: string | null;
}

/** Follows a round while it goes, and gives what it told; null where none goes. */
export function useFollowed(round: Pick<Round, 'id' | 'state'> | null): LiveRound | null {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  /** Counts how often a stream ended although the round goes on: another hub carries it on then. */
  const [turn, setTurn] = useState(0);
  const isGoing = round?.state === 'running' || round?.state === 'waiting';
  const key = round !== null && isGoing ? `${turn} ${round.id}` : null;
  const [of, setOf] = useState<Of>({ ...unfollowed, key: null });
  if (of.key !== key) setOf({ ...unfollowed, key });
  const latest = useRef(of);
  useEffect(() => void (latest.current = of));
  const from = useRef(unfollowed.shown);

  function refresh() {
    void queryClient.invalidateQueries(trpc.conversations.pathFilter());
  }
  const hasEnded = key !== null && of.key === key && of.shown.end !== null;
  useEffect(() => {
    if (!hasEnded) return;
    const timer = setTimeout(() => setTurn((last) => last + 1), againMs);
    return () => clearTimeout(timer);
  }, [hasEnded]);
  const { gaps } = of.shown;
  useEffect(() => {
    if (gaps > 0) void queryClient.invalidateQueries(trpc.conversations.get.pathFilter());
  }, [gaps, queryClient, trpc]);

  useStream<News>({
    key,
    gatherMs,
    open: (observer) => {
      from.current = latest.current.key === key ? latest.current.shown : unfollowed.shown;
      return api.conversations.follow.subscribe({ runId: round?.id ?? '', after: from.current.seq }, observer);
    },
    onStart: () => {
      const begin = from.current;
      setOf((last) => (last.key === key ? { ...opened(last, begin, Date.now()), key } : last));
    },
    onItems: (news) => {
      const at = Date.now();
      setOf((last) => (last.key === key ? { ...followedOn(last, news, at), key } : last));
    },
    onError: refresh,
    onEnd: refresh,
  });
  return key !== null && of.key === key ? of.shown : null;
}
