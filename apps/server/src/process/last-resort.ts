import type { Log } from '@switchboard/core';

/** Most such errors that are logged a minute. */
const perMinute = 60;

/**
 * Keeps the process alive where something throws and nobody catches it. `failSpeaking` ends the connection to a server
 * whose message was being handled, and gives the server's id. For a hub that serves: one that starts had better end.
 */
export function keepServing(log: Log, failSpeaking: (error: unknown) => string | null): void {
  let logged = 0;
  setInterval(() => (logged = 0), 60_000).unref();
  // The log has no reader any more, and logging that would fail again.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(1));
  process.on('uncaughtException', (error) => {
    const server = blame(error, failSpeaking);
    logged += 1;
    if (logged > perMinute) return;
    log.error({ error, server }, 'An error that nothing caught; the hub goes on');
  });
}

function blame(error: unknown, failSpeaking: (error: unknown) => string | null): string | null {
  try {
    return failSpeaking(error);
  } catch {
    return null;
  }
}
