import type { RegisteredRouter } from '@tanstack/react-router';
import type { ParseKeys } from 'i18next';
import type { LucideIcon } from 'lucide-react';
import type { Me } from './api-types.ts';

/** Addresses of pages that need no id. */
type Address = '/' | Exclude<keyof RegisteredRouter['routesByPath'], `${string}/` | `${string}/$${string}`>;

interface Entry {
  to: Address;
  label: ParseKeys;
  /** Where it stands among those of its group; tens, so that others fit between. */
  order: number;
  /** For whom it is there; for everyone where absent. */
  needs?: keyof Me['can'];
}

/** What a feature adds to the navigation, by where it is shown: the palette shows pages of the rail, too. */
export type NavEntry =
  | (Entry & { group: 'rail'; icon: LucideIcon })
  | (Entry & { group: 'palette'; icon: LucideIcon })
  | (Entry & { group: 'do'; icon: LucideIcon; search?: Readonly<Record<string, string>> })
  | (Entry & { group: 'engine'; lead: ParseKeys });
