/** A stream whose first item has arrived. */
export interface StartedStream<Item> extends AsyncIterableIterator<Item> {
  return(): Promise<IteratorResult<Item>>;
}

/**
 * Awaits the first item, so that a failure at the beginning is thrown here, before an answer has started. Rejects with
 * the error of the source; `return` ends the source, also where no further item was taken.
 */
export async function begun<Item>(source: AsyncGenerator<Item>): Promise<StartedStream<Item>> {
  let first: IteratorResult<Item> | null = await source.next();
  const stream: StartedStream<Item> = {
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
