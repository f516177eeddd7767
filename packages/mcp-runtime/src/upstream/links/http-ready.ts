import { setTimeout as sleep } from 'node:timers/promises';
import { LinkError } from '../link.ts';

const firstMs = 25;
const longestMs = 500;
const answerMs = 2_000;

/** Waits until something answers HTTP at an address, whatever it answers: a published port takes connections before. */
export async function waitForHttp(url: string, ended: () => boolean, signal: AbortSignal): Promise<void> {
  for (let delayMs = firstMs; ; delayMs = Math.min(longestMs, delayMs * 2)) {
    signal.throwIfAborted();
    if (ended()) throw new LinkError('unreachable', 'The container ended before it answered.');
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
    try {
      // OPTIONS opens no session and no stream.
      const answer = await fetch(url, { method: 'OPTIONS', signal: limit, redirect: 'manual' });
      await answer.body?.cancel();
      return;
    } catch {
      await sleep(delayMs, null, { signal }).catch(() => {});
    }
  }
}
