import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';
import type { UsersSearch } from './search.ts';

export const pageSize = 50;

const states = {
  active: { enabled: true },
  disabled: { enabled: false },
  waiting: { approved: false },
} as const;

/** One page of the accounts that fit. */
export function useUsers({ q, role, state, group, sort, order, page = 1 }: UsersSearch) {
  const trpc = useTRPC();
  return useQuery(
    trpc.users.list.queryOptions(
      {
        page,
        limit: pageSize,
        ...(q === undefined ? {} : { search: q }),
        ...(role === undefined ? {} : { role: [role] }),
        ...(state === undefined ? {} : states[state]),
        ...(group === undefined ? {} : { group: [group] }),
        sort: sort ?? 'username',
        order: order ?? 'asc',
      },
      { placeholderData: keepPreviousData },
    ),
  );
}
