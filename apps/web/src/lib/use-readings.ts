import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import type { Container } from './api-types.ts';
import { createReadings, type Reading, type Readings } from './readings.ts';
import { useTRPCClient } from './trpc.ts';
import { useStream } from './use-stream.ts';

/** The hub follows this many at once. */
const mostFollowed = 64;

type Followed = Pick<Container, 'id' | 'status' | 'startedAt'>;

/** Follows what these containers use while the component is shown; those that do not run have none. */
export function useFollowedReadings(engine: string | undefined, containers: readonly Followed[]): Readings {
  const api = useTRPCClient();
  const [readings] = useState(createReadings);
  const [attempt, setAttempt] = useState(0);
  const followed = containers.filter(({ status }) => status === 'running').slice(0, mostFollowed);
  const ids = followed.map(({ id }) => id);
  // The readings of a container end with it: one that was started again is asked for anew.
  const lives = followed.map(({ id, startedAt }) => `${id} ${startedAt}`).toSorted();
  const key = followed.length === 0 ? null : JSON.stringify([attempt, engine, lives]);
  useEffect(() => readings.keep(ids));
  useEffect(() => {
    if (attempt === 0) return;
    const timer = setTimeout(() => setAttempt(0), 60_000);
    return () => clearTimeout(timer);
  }, [attempt]);
  // One that went away meanwhile refuses all of them: the list follows a moment later.
  function again() {
    return setTimeout(() => setAttempt((old) => (old < 5 ? old + 1 : old)), 1500);
  }
  useStream({
    key,
    open: (on) => api.containers.stats.subscribe({ engine, ids }, on),
    onItems: readings.add,
    onError: again,
  });
  return readings;
}

/** The readings of one container. */
export function useReadingsOf(readings: Readings, id: string): readonly Reading[] {
  return useSyncExternalStore(readings.subscribe, () => readings.of(id));
}

export const ReadingsContext = createContext<Readings | null>(null);

export function useReadings(id: string): readonly Reading[] {
  const readings = use(ReadingsContext);
  if (!readings) throw new Error('Readings need a ReadingsContext above them');
  return useReadingsOf(readings, id);
}
