/** An event of one of several generators, or its end. */
type Arrival<Event, Result> =
  | { at: number; type: 'event'; event: Event }
  | { at: number; type: 'done'; result: Result }
  | { at: number; type: 'failed'; error: unknown };

/**
 * Runs generators at the same time, up to a bound. The next event of one is asked for after its last was taken; a
 * failure keeps further ones from starting, and the others finish. Gives the results in order. Where the reader stops
 * before the end, `stop` ends the work they wait for. `goesOn`: failures that keep none from starting.
 */
export async function* merged<Event, Result>(
  begin: readonly (() => AsyncGenerator<Event, Result>)[],
  most: number,
  stop: () => void,
  { goesOn = () => false }: { goesOn?: (error: unknown) => boolean } = {},
): AsyncGenerator<Event, { results: (Result | undefined)[]; failures: { at: number; error: unknown }[] }> {
  const arrived: Arrival<Event, Result>[] = [];
  const going = new Map<number, AsyncGenerator<Event, Result>>();
  const results: (Result | undefined)[] = begin.map(() => undefined);
  const failures: { at: number; error: unknown }[] = [];
  let wake: (() => void) | null = null;
  let next = 0;

  function arrive(arrival: Arrival<Event, Result>) {
    arrived.push(arrival);
    wake?.();
  }
  function pump(at: number, generator: AsyncGenerator<Event, Result>) {
    generator.next().then(
      ({ done, value }) => arrive(done ? { at, type: 'done', result: value } : { at, type: 'event', event: value }),
      (error: unknown) => arrive({ at, type: 'failed', error }),
    );
  }
  function fill() {
    while (failures.every(({ error }) => goesOn(error)) && going.size < most && next < begin.length) {
      const generator = begin[next]?.();
      if (generator) {
        going.set(next, generator);
        pump(next, generator);
      }
      next += 1;
    }
  }
  try {
    fill();
    while (going.size > 0) {
      if (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      wake = null;
      const arrival = arrived.shift();
      if (!arrival) continue;
      const { at } = arrival;
      const generator = going.get(at);
      if (arrival.type === 'event') {
        yield arrival.event;
        if (generator) pump(at, generator);
        continue;
      }
      going.delete(at);
      if (arrival.type === 'done') results[at] = arrival.result;
      else failures.push({ at, error: arrival.error });
      fill();
    }
  } finally {
    if (going.size > 0) stop();
    await Promise.allSettled([...going.values()].map((generator) => generator.return(undefined as Result)));
  }
  return { results, failures: failures.toSorted((a, b) => a.at - b.at) };
}
