/** Reads several sources at once, in the order of arrival; reads none of them ahead by more than one. */
export async function* merge<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  type Turn = { source: AsyncGenerator<T>; result: IteratorResult<T, unknown> };
  const waiting = new Map<AsyncGenerator<T>, Promise<Turn>>();
  function ask(source: AsyncGenerator<T>) {
    waiting.set(
      source,
      source.next().then((result) => ({ source, result })),
    );
  }
  sources.forEach(ask);
  try {
    while (waiting.size > 0) {
      const { source, result } = await Promise.race(waiting.values());
      if (result.done === true) {
        waiting.delete(source);
      } else {
        ask(source);
        yield result.value;
      }
    }
  } finally {
    // A source that waits for its next line ends only by its own signal; it is not awaited here.
    for (const [source, turn] of waiting) {
      turn.catch(() => {});
      source.return(undefined).catch(() => {});
    }
  }
}
