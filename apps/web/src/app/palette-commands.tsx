import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../lib/api-types.ts';
import type { Command, UseCommands } from '../lib/command.ts';
import type { NavEntry } from '../lib/navigation.ts';
import * as features from './features.ts';
import { navigationFor } from './navigation.ts';

interface Feature {
  words: object;
  nav?: readonly NavEntry[];
  useCommands?: UseCommands;
}

function placeOf({ nav = [] }: Feature): number {
  return Math.min(...nav.filter(({ group }) => group === 'rail').map(({ order }) => order));
}

/** In the order of the rail. */
const sources = Object.values<Feature>(features)
  .toSorted((a, b) => placeOf(a) - placeOf(b))
  .flatMap(({ useCommands: source }) => source ?? []);

/** Pages to go to, and what one can begin. */
function usePages(me: Me): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return useMemo(
    () => [
      ...[...navigationFor('rail', me), ...navigationFor('palette', me)].map(({ to, label, icon: Icon }) => ({
        id: `go-${label}`,
        group: t('palette.go'),
        label: t(label),
        icon: <Icon />,
        run: () => void navigate({ to }),
      })),
      ...navigationFor('do', me).map(({ to, search, label, icon: Icon }) => ({
        id: `do-${label}`,
        group: t('palette.do'),
        label: t(label),
        icon: <Icon />,
        run: () => void navigate({ to, search: search ?? {} }),
      })),
    ],
    [t, navigate, me],
  );
}

/** Everything the palette can find for this person. */
export function useCommands(me: Me): Command[] {
  // The features are the same from the first rendering to the last, so their hooks come in one order.
  return [...usePages(me), ...sources.flatMap((useSource) => useSource(me))];
}
