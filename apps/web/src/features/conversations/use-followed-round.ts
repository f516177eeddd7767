import { useQueryClient } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '../../lib/trpc.ts';
import { useFollowed } from '../../lib/use-followed.ts';
import { nextRound, silent, type LiveRound } from '../../ui/rounds/live-round.ts';
import type { News, Round } from '../../ui/rounds/types.ts';

/** Follows a round while it goes, and gives what it told; null where none goes. */
export function useFollowedRound(round: Pick<Round, 'id' | 'state'> | null): LiveRound | null {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const isGoing = round?.state === 'running' || round?.state === 'waiting';
  return useFollowed<LiveRound, News>({
    id: isGoing ? round.id : null,
    silent,
    next: nextRound,
    open: (runId, after, observer) => api.conversations.follow.subscribe({ runId, after }, observer),
    onGap: () => void queryClient.invalidateQueries(trpc.conversations.get.pathFilter()),
    onEnd: () => void queryClient.invalidateQueries(trpc.conversations.pathFilter()),
  });
}
