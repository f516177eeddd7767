const notYet = Symbol('not yet');

function nextTurn() {
  return new Promise<typeof notYet>((resolve) => setImmediate(() => resolve(notYet)));
}

/** Joins items that are available at once, so that many small items cost no more than a few large ones. */
export async function* inBatches<Item>(source: AsyncGenerator<Item>, most = 1_000): AsyncGenerator<Item[]> {
  try {
    let next = source.next();
    for (;;) {
      const first = await next;
      if (first.done === true) return;
      const batch = [first.value];
      next = source.next();
      while (batch.length < most) {
        // A failure is thrown when its turn comes.
        const ready = await Promise.race([next.catch(() => notYet), nextTurn()]);
        if (typeof ready === 'symbol' || ready.done === true) break;
        batch.push(ready.value);
        next = source.next();
      }
      next.catch(() => undefined);
      yield batch;
    }
  } finally {
    source.return(undefined).catch(() => undefined);
  }
}
