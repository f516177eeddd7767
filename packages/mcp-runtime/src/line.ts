/** The place of an item in a line. */
export interface LineEntry<Item> {
  readonly item: Item;
  before: LineEntry<Item> | null;
  after: LineEntry<Item> | null;
}

/**
 * Items in the order they were last moved to the end. Everything takes the same time however long the line is, and
 * moving leaves no garbage, which a `Map` that is re-filled does (docs/adr/0007).
 */
export interface Line<Item> {
  add(item: Item): LineEntry<Item>;
  toEnd(place: LineEntry<Item>): void;
  remove(place: LineEntry<Item>): void;
  first(): Item | undefined;
  size(): number;
}

export function createLine<Item>(): Line<Item> {
  let head: LineEntry<Item> | null = null;
  let tail: LineEntry<Item> | null = null;
  let size = 0;
  function link(place: LineEntry<Item>): void {
    place.before = tail;
    place.after = null;
    if (tail === null) head = place;
    else tail.after = place;
    tail = place;
  }
  function unlink({ before, after }: LineEntry<Item>): void {
    if (before === null) head = after;
    else before.after = after;
    if (after === null) tail = before;
    else after.before = before;
  }
  return {
    add(item) {
      const place: LineEntry<Item> = { item, before: null, after: null };
      link(place);
      size++;
      return place;
    },
    toEnd(place) {
      if (place === tail) return;
      unlink(place);
      link(place);
    },
    remove(place) {
      unlink(place);
      size--;
    },
    first: () => head?.item,
    size: () => size,
  };
}
