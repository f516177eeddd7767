import type { HttpClient } from './http-client.ts';
import type { HttpSession } from './http-session.ts';

const shortestDeleteMs = 100;
const longestDeleteMs = 2_000;

/** Tells the server that its session is over; resolves when it has answered, or time is up. */
export function endSession(client: HttpClient, session: HttpSession, graceMs: number): Promise<void> {
  if (!session.inSession()) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const exchange = client.exchange(
    { method: 'DELETE', target: session.target(), ...session.end(), body: null, lane: 'side' },
    { response: () => {}, data: () => {}, end: resolve, failed: () => resolve() },
  );
  function giveUp() {
    exchange.stop();
    resolve();
  }
  const timer = setTimeout(giveUp, Math.min(Math.max(graceMs, shortestDeleteMs), longestDeleteMs));
  return promise.finally(() => clearTimeout(timer));
}
