import type { IncomingMessage } from 'node:http';

/** Longest time that an answer waits for the rest of a body. */
const longestMs = 5_000;

/**
 * Reads and drops what is left of a refused request's body; resolves when it is over, or after five seconds. A
 * connection that closes while the client still writes is reset, and the client loses the answer with it.
 */
export function restOfBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, longestMs);
    function done() {
      clearTimeout(timer);
      resolve();
    }
    request.once('end', done);
    request.once('close', done);
    request.resume();
  });
}
