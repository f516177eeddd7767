/** Reads several sources at once and gives what comes, whoever is first; reads none of them ahead by more than one. */
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
    // A source that waits for its next line ends only when told so by its own signal; nobody waits for it here.
    for (const [source, turn] of waiting) {
      turn.catch(() => {});
      source.return(undefined).catch(() => {});
    }
  }
}
