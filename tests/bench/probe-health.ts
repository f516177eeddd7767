import { request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** Asks a hub for its health over and over, in a thread of its own: what the bench itself does must not be measured. */

const { origin } = workerData as { origin: string };
const pauseMs = 5;
const giveUpMs = 120_000;

function ask(): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const sent = request(`${origin}/health`, { timeout: giveUpMs }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(performance.now() - begun));
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => resolve(giveUpMs));
    sent.end();
  });
}

const ending = new AbortController();
const times: number[] = [];
parentPort?.once('message', () => ending.abort());
while (!ending.signal.aborted) {
  times.push(await ask());
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(times);
