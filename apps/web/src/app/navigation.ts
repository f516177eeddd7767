import type { Me } from '../lib/api-types.ts';
import type { NavEntry } from '../lib/navigation.ts';
import * as features from './features.ts';

/** All of it, in its order. */
export const entries = Object.values(features)
  .flatMap((feature): readonly NavEntry[] => ('nav' in feature ? feature.nav : []))
  .toSorted((a, b) => a.order - b.order);

/** The entries of a group in their order, as far as somebody may use them. */
export function navigationFor<Group extends 'rail' | 'palette' | 'do' | 'engine'>(
  group: Group,
  { can }: Pick<Me, 'can'>,
) {
  return entries.filter(
    (entry): entry is Extract<NavEntry, { group: Group }> =>
      entry.group === group && (entry.needs === undefined || can[entry.needs]),
  );
}
