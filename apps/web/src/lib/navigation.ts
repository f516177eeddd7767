import type { RegisteredRouter } from '@tanstack/react-router';
import type { ParseKeys } from 'i18next';
import type { LucideIcon } from 'lucide-react';
import type { Group, Me, Server } from './api-types.ts';

type Path = Exclude<keyof RegisteredRouter['routesByPath'], `${string}/`>;

/** Addresses of pages that need no id. */
type Address = '/' | Exclude<Path, `${string}/$${string}`>;

interface Entry {
  to: Address;
  label: ParseKeys;
  /** Where it stands among those of its group; tens, so that others fit between. */
  order: number;
  /** For whom it is there; for everyone where absent. */
  needs?: keyof Me['can'];
}

/** A tab of the page of one thing; `needs` is what one may do with that thing. */
interface Tab<Place extends string, Thing extends { can: object }> {
  to: Extract<Path, Place | `${Place}/${string}`>;
  label: ParseKeys;
  order: number;
  needs?: keyof Thing['can'];
}

/** What a feature adds to the navigation, by where it is shown: the palette shows pages of the rail, too. */
export type NavEntry =
  | (Entry & { group: 'rail'; icon: LucideIcon })
  | (Entry & { group: 'palette'; icon: LucideIcon })
  | (Entry & { group: 'do'; icon: LucideIcon; search?: Readonly<Record<string, string>> })
  | (Entry & { group: 'engine'; lead: ParseKeys })
  | (Tab<'/servers/$id', Server> & { group: 'server' })
  | (Tab<'/groups/$id', Group> & { group: 'group' });
