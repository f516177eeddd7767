import type { ItemType } from '../servers/schema.ts';

/** A set of names, or all but some: what is not known yet has to have a place too. */
export interface NameSet {
  mode: 'only' | 'except';
  names: ReadonlySet<string>;
}

/** Which items of a server; a type that is absent means all of it. */
export type ItemFilter = Readonly<Partial<Record<ItemType, NameSet>>>;

export const everyItem: ItemFilter = {};

export function only(names: Iterable<string>): NameSet {
  return { mode: 'only', names: new Set(names) };
}
export function except(names: Iterable<string>): NameSet {
  return { mode: 'except', names: new Set(names) };
}

function hasName(set: NameSet | undefined, name: string): boolean {
  return set === undefined || set.names.has(name) === (set.mode === 'only');
}

export function allowsItem(filter: ItemFilter, type: ItemType, name: string): boolean {
  return hasName(filter[type], name);
}

const types = ['tool', 'prompt', 'resource', 'template'] as const satisfies readonly ItemType[];

function union(a: ReadonlySet<string>, b: ReadonlySet<string>) {
  return new Set([...a, ...b]);
}
export function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a].filter((name) => b.has(name)));
}
function difference(a: ReadonlySet<string>, b: ReadonlySet<string>) {
  return new Set([...a].filter((name) => !b.has(name)));
}

function combine(
  a: ItemFilter,
  b: ItemFilter,
  join: (a: NameSet | undefined, b: NameSet | undefined) => NameSet | undefined,
): ItemFilter {
  const joined: Partial<Record<ItemType, NameSet>> = {};
  for (const type of types) {
    const set = join(a[type], b[type]);
    if (set) joined[type] = set;
  }
  return joined;
}

function unionSets(a: NameSet | undefined, b: NameSet | undefined): NameSet | undefined {
  if (!a || !b) return undefined;
  if (a.mode === 'only' && b.mode === 'only') return { mode: 'only', names: union(a.names, b.names) };
  if (a.mode === 'except' && b.mode === 'except') return { mode: 'except', names: intersection(a.names, b.names) };
  return a.mode === 'except'
    ? { mode: 'except', names: difference(a.names, b.names) }
    : { mode: 'except', names: difference(b.names, a.names) };
}

function intersectSets(a: NameSet | undefined, b: NameSet | undefined): NameSet | undefined {
  if (!a || !b) return a ?? b;
  if (a.mode === 'only' && b.mode === 'only') return { mode: 'only', names: intersection(a.names, b.names) };
  if (a.mode === 'except' && b.mode === 'except') return { mode: 'except', names: union(a.names, b.names) };
  return a.mode === 'only'
    ? { mode: 'only', names: difference(a.names, b.names) }
    : { mode: 'only', names: difference(b.names, a.names) };
}

/** The items that either allows. */
export function unionItems(a: ItemFilter, b: ItemFilter): ItemFilter {
  return combine(a, b, unionSets);
}

/** The items that both allow. */
export function intersectItems(a: ItemFilter, b: ItemFilter): ItemFilter {
  return combine(a, b, intersectSets);
}
