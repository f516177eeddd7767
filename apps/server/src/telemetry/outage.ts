import type { Log } from '@switchboard/core';

const longestWhy = 100;

/** The reason of a failure, without the text of the other side, which was sent secrets. */
function whyOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (typeof code === 'number') return `it answered ${code}`;
  if (typeof code === 'string') return code.slice(0, longestWhy);
  return 'no good answer in time';
}

/** Tells the log once that something cannot be sent, and once that it can again. Gets null for what was sent. */
export function createOutage(log: Log, what: 'traces' | 'metrics', url: string): (error: unknown) => void {
  // Without credentials, path and query.
  const { protocol, host } = new URL(url);
  const to = `${protocol}//${host}`;
  let failed = 0;
  return (error) => {
    if (error === null) {
      if (failed > 0) log.info({ to, failed }, `OpenTelemetry takes ${what} again`);
      failed = 0;
      return;
    }
    failed += 1;
    if (failed === 1)
      log.warn({ to, why: whyOf(error) }, `OpenTelemetry does not take ${what}: what is not sent is dropped`);
  };
}
