export interface TreeRow<Item> {
  item: Item;
  depth: number;
}

/** A list of things with parents, parents first, each with its depth; what has lost its parent is a root. */
export function toTree<Item extends { id: string; parentGroup: string | null }>(
  items: readonly Item[],
): TreeRow<Item>[] {
  const known = new Set(items.map(({ id }) => id));
  const below = Map.groupBy(items, ({ parentGroup }) =>
    parentGroup !== null && known.has(parentGroup) ? parentGroup : null,
  );
  const rows: TreeRow<Item>[] = [];
  function visit(parent: string | null, depth: number) {
    for (const item of below.get(parent) ?? []) {
      rows.push({ item, depth });
      visit(item.id, depth + 1);
    }
  }
  visit(null, 0);
  return rows;
}

/** A group and all that is below it: none of them can be its parent. */
export function withDescendants(id: string, items: readonly { id: string; parentGroup: string | null }[]): Set<string> {
  const found = new Set([id]);
  for (let grew = true; grew;) {
    const before = found.size;
    for (const item of items) if (item.parentGroup !== null && found.has(item.parentGroup)) found.add(item.id);
    grew = found.size > before;
  }
  return found;
}
