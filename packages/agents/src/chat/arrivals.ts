/** The results of these promises in the order of arrival. The first failure, or the signal, ends it with its reason. */
export async function* inOrderOfArrival<T>(
  works: readonly Promise<T>[],
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  let arrived: T[] = [];
  let failure: { error: unknown } | null = null;
  let wake: () => void = () => {};
  function fail(error: unknown) {
    failure ??= { error };
    wake();
  }
  function abort() {
    fail(signal.reason);
  }
  function arrive(value: T) {
    arrived.push(value);
    wake();
  }
  for (const work of works) work.then(arrive, fail);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    for (let left = works.length; left > 0;) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      if (arrived.length === 0 && failure === null) await promise;
      const batch = arrived;
      arrived = [];
      yield* batch;
      left -= batch.length;
      throwIn(failure);
    }
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A variable that callbacks set is null for ever in the eyes of the compiler. */
function throwIn(failure: { error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}
