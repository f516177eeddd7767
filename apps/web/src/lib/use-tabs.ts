import { createContext, use } from 'react';
import type { NavEntry } from './navigation.ts';

/** What the features add to the navigation, in its order. */
export const NavigationContext = createContext<readonly NavEntry[]>([]);

type TabOf<Place extends 'server' | 'group'> = Extract<NavEntry, { group: Place }>;

/** The tabs of a server's or group's page, as far as somebody may use them there; all of them while that is not known. */
export function useTabs<Place extends 'server' | 'group'>(
  place: Place,
  can: Readonly<Partial<Record<string, boolean>>> | undefined,
): TabOf<Place>[] {
  return use(NavigationContext).filter(
    (entry): entry is TabOf<Place> =>
      entry.group === place && (entry.needs === undefined || can === undefined || can[entry.needs] === true),
  );
}
