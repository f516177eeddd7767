import type { FlatNode } from './schema.ts';
import { NodeError, NodeWaits, RunStops, TooManyVisits, type GraphEvent } from './types.ts';

const longestWaitMs = 30_000;

/** An error that is no failure of the node: there is no other attempt, and no other node follows in its place. */
export function isFinal(error: unknown): boolean {
  return error instanceof NodeWaits || error instanceof RunStops || error instanceof TooManyVisits;
}

/** Waits; throws the reason of the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  function end() {
    over.resolve();
  }
  const timer = setTimeout(end, ms);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  await over.promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
}

/** Does the work of a node in up to as many attempts as it has, each with the messages of those before it. */
export async function* tried<Result>(
  { attempts }: FlatNode,
  signal: AbortSignal,
  work: (signal: AbortSignal, attempt: number) => AsyncGenerator<GraphEvent, Result>,
): AsyncGenerator<GraphEvent, Result> {
  const { retries = 0, wait_ms: waitMs = 0, timeout_ms: timeoutMs } = attempts ?? {};
  for (let attempt = 0; ; attempt += 1) {
    const limit = timeoutMs == null ? null : AbortSignal.timeout(timeoutMs);
    try {
      return yield* work(limit ? AbortSignal.any([signal, limit]) : signal, attempt);
    } catch (error) {
      signal.throwIfAborted();
      const late = limit?.aborted === true && !isFinal(error);
      const told = late ? new NodeError({ code: 'timeout', ms: timeoutMs ?? 0 }) : error;
      if (isFinal(told) || attempt >= retries) throw told;
      const ms = Math.min(longestWaitMs, waitMs * 2 ** attempt);
      await pause(ms, signal);
    }
  }
}
