/** A stream whose first item is there. */
export interface Begun<Item> extends AsyncIterableIterator<Item> {
  return(): Promise<IteratorResult<Item>>;
}

/**
 * Takes the first item, so that what fails at the beginning fails here, before an answer has begun. Rejects with
 * whatever the source throws; `return` ends the source, also where nothing more was taken.
 */
export async function begun<Item>(source: AsyncGenerator<Item>): Promise<Begun<Item>> {
  let first: IteratorResult<Item> | null = await source.next();
  const stream: Begun<Item> = {
    [Symbol.asyncIterator]: () => stream,
    next: async () => {
      const result = first ?? (await source.next());
      first = null;
      return result;
    },
    return: async () => {
      await source.return(undefined);
      return { done: true, value: undefined };
    },
  };
  return stream;
}
