/** The place of an item in a line. */
export interface Place<Item> {
  readonly item: Item;
  before: Place<Item> | null;
  after: Place<Item> | null;
}

/**
 * Items in the order they were last moved to the end. Everything takes the same time however long the line is, and
 * moving leaves no garbage, which a `Map` that is re-filled does (docs/adr/0007).
 */
export interface Line<Item> {
  add(item: Item): Place<Item>;
  toEnd(place: Place<Item>): void;
  remove(place: Place<Item>): void;
  first(): Item | undefined;
  size(): number;
}

export function createLine<Item>(): Line<Item> {
  let head: Place<Item> | null = null;
  let tail: Place<Item> | null = null;
  let size = 0;
  function link(place: Place<Item>): void {
    place.before = tail;
    place.after = null;
    if (tail === null) head = place;
    else tail.after = place;
    tail = place;
  }
  function unlink({ before, after }: Place<Item>): void {
    if (before === null) head = after;
    else before.after = after;
    if (after === null) tail = before;
    else after.before = before;
  }
  return {
    add(item) {
      const place: Place<Item> = { item, before: null, after: null };
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
