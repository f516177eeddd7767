import type { ItemType } from '../servers/schema.ts';

/** A set of names, or all but some: what is not known yet has to have a place too. */
export interface NameSet {
  mode: 'only' | 'except';
  names: ReadonlySet<string>;
}

/** Which items of a server; a type that is absent means all of it. */
export type ItemFilter = Readonly<Partial<Record<ItemType, NameSet>>>;

export const everyItem: ItemFilter = {};

export const only = (names: Iterable<string>): NameSet => ({ mode: 'only', names: new Set(names) });
export const except = (names: Iterable<string>): NameSet => ({ mode: 'except', names: new Set(names) });

const hasName = (set: NameSet | undefined, name: string): boolean =>
  set === undefined || set.names.has(name) === (set.mode === 'only');

export const allowsItem = (filter: ItemFilter, type: ItemType, name: string): boolean => hasName(filter[type], name);

const types = ['tool', 'prompt', 'resource', 'template'] as const satisfies readonly ItemType[];

const union = (a: ReadonlySet<string>, b: ReadonlySet<string>) => new Set([...a, ...b]);
export const intersection = (a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> =>
  new Set([...a].filter((name) => b.has(name)));
const difference = (a: ReadonlySet<string>, b: ReadonlySet<string>) => new Set([...a].filter((name) => !b.has(name)));

const combine = (
  a: ItemFilter,
  b: ItemFilter,
  join: (a: NameSet | undefined, b: NameSet | undefined) => NameSet | undefined,
): ItemFilter => {
  const joined: Partial<Record<ItemType, NameSet>> = {};
  for (const type of types) {
    const set = join(a[type], b[type]);
    if (set) joined[type] = set;
  }
  return joined;
};

const unionSets = (a: NameSet | undefined, b: NameSet | undefined): NameSet | undefined => {
  if (!a || !b) return undefined;
  if (a.mode === 'only' && b.mode === 'only') return { mode: 'only', names: union(a.names, b.names) };
  if (a.mode === 'except' && b.mode === 'except') return { mode: 'except', names: intersection(a.names, b.names) };
  return a.mode === 'except'
    ? { mode: 'except', names: difference(a.names, b.names) }
    : { mode: 'except', names: difference(b.names, a.names) };
};

const intersectSets = (a: NameSet | undefined, b: NameSet | undefined): NameSet | undefined => {
  if (!a || !b) return a ?? b;
  if (a.mode === 'only' && b.mode === 'only') return { mode: 'only', names: intersection(a.names, b.names) };
  if (a.mode === 'except' && b.mode === 'except') return { mode: 'except', names: union(a.names, b.names) };
  return a.mode === 'only'
    ? { mode: 'only', names: difference(a.names, b.names) }
    : { mode: 'only', names: difference(b.names, a.names) };
};

/** What either allows. */
export const unionItems = (a: ItemFilter, b: ItemFilter): ItemFilter => combine(a, b, unionSets);

/** What both allow. */
export const intersectItems = (a: ItemFilter, b: ItemFilter): ItemFilter => combine(a, b, intersectSets);
