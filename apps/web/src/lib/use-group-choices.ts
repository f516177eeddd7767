import { useQuery } from '@tanstack/react-query';
import { useTRPC } from './trpc.ts';

/** The groups that the person sees, to choose from. */
export function useGroupChoices(): { value: string; label: string; text: string }[] {
  const trpc = useTRPC();
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  return (groups.data?.items ?? []).map(({ id, displayName }) => ({
    value: id,
    label: displayName,
    text: `${displayName} ${id}`,
  }));
}
