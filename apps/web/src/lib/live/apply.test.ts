import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpLink } from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AppRouter } from '@switchboard/api';
import { createApplier } from './apply.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An applier over a cache that holds these queries, and which of them it made stale. */
function bench() {
  const queryClient = new QueryClient();
  const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: 'http://127.0.0.1:9' })] });
  const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
  const keys = {
    list: trpc.servers.list.queryKey({}),
    a: trpc.servers.get.queryKey({ id: 'a' }),
    b: trpc.servers.get.queryKey({ id: 'b' }),
    groups: trpc.groups.list.queryKey({}),
    overview: trpc.system.overview.queryKey(),
  };
  function fill() {
    for (const key of Object.values(keys)) queryClient.setQueryData(key as never, {} as never);
  }
  function stale() {
    return Object.entries(keys).flatMap(([name, key]) => (queryClient.getQueryState(key)?.isInvalidated ? [name] : []));
  }
  fill();
  return { applier: createApplier(queryClient, trpc), fill, stale };
}

it('makes stale what an event names, after a moment, and of one thing only that', () => {
  const it = bench();
  it.applier.apply({ type: 'changed', paths: ['servers.list'], one: { id: 'a', paths: ['servers.get'] } });
  expect(it.stale()).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(it.stale()).toEqual(['list', 'a']);
});

it('makes a whole router stale, and does so again where rights may still be on their way', () => {
  const it = bench();
  it.applier.apply({ type: 'changed', paths: ['groups'], settles: true });
  vi.advanceTimersByTime(200);
  expect(it.stale()).toEqual(['groups']);
  it.fill();
  vi.advanceTimersByTime(1200);
  expect(it.stale()).toEqual(['groups']);
  it.fill();
  vi.advanceTimersByTime(60_000);
  expect(it.stale()).toEqual([]);
});

it('reads the overview at a slower pace', () => {
  const it = bench();
  it.applier.apply({ type: 'changed', paths: ['system.overview'] });
  vi.advanceTimersByTime(1000);
  expect(it.stale()).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(it.stale()).toEqual(['overview']);
});
