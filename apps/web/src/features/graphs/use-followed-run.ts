import { useQueryClient } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '../../lib/trpc.ts';
import { useFollowed } from '../../lib/use-followed.ts';
import { nextRun, silent, type LiveRun } from './run-live.ts';
import type { RunItem, RunNews } from './types.ts';

/** Follows a run while it goes, and gives what it told; null where none goes. */
export function useFollowedRun(run: Pick<RunItem, 'id' | 'state'> | undefined): LiveRun | null {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  // One that waits for a person is carried out by nobody: its answer changes what is stored.
  const isGoing = run?.state === 'running';
  return useFollowed<LiveRun, RunNews>({
    id: isGoing ? run.id : null,
    silent,
    next: nextRun,
    open: (runId, after, observer) => api.graphs.runs.follow.subscribe({ runId, after }, observer),
    onGap: () => void queryClient.invalidateQueries(trpc.graphs.runs.get.pathFilter()),
    onEnd: () => void queryClient.invalidateQueries(trpc.graphs.runs.pathFilter()),
  });
}
