/** Counts what is under way, by whose it is. */
export interface Waiting {
  /** Gives what ends it; null where that one has as much under way as one may. */
  begin(whose: string): (() => void) | null;
}

/** A call of a product may wait for minutes, by its faults or its model: one owner of tokens holds so many connections. */
export function createWaiting(most: number): Waiting {
  const underWay = new Map<string, number>();
  return {
    begin(whose) {
      const count = underWay.get(whose) ?? 0;
      if (count >= most) return null;
      underWay.set(whose, count + 1);
      return () => {
        const left = (underWay.get(whose) ?? 1) - 1;
        if (left === 0) underWay.delete(whose);
        else underWay.set(whose, left);
      };
    },
  };
}
