import { routingHeaders } from '../param-headers.ts';
import { RpcError } from '../rpc.ts';
import type { JsonObject } from '../types.ts';
import { latestModern } from '../versions.ts';
import { nextDelayMs } from './backoff.ts';
import { envelope, type ClientIdentity } from './handshake.ts';
import { foreverMs, type Instance } from './instance.ts';

export interface ChangeStreamOptions {
  hub: ClientIdentity;
  random: () => number;
  elapsed: () => number;
  /** The stream is open again after a break, in which changes may have gone unheard. */
  onResumed(): void;
}

/** A stream that lasted this long was stable; after the next break the delays start from the first. */
const stableMs = 60_000;

/** Keeps the change stream of a 2026-07-28 server open; a 2025 server notifies changes without one. */
export function listenForChanges(instance: Instance, options: ChangeStreamOptions): void {
  if (instance.era !== 'modern') return;
  function open(attempt: number): void {
    const params: JsonObject = {
      notifications: { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true },
      _meta: envelope(options.hub),
    };
    const begun = options.elapsed();
    function again(): void {
      if (!instance.alive()) return;
      const next = options.elapsed() - begun > stableMs ? 1 : attempt;
      const timer = setTimeout(
        () => {
          if (!instance.alive()) return;
          options.onResumed();
          open(next + 1);
        },
        nextDelayMs(next, options.random()),
      );
      timer.unref();
    }
    instance
      .request({
        method: 'subscriptions/listen',
        params,
        headers: routingHeaders(latestModern, 'subscriptions/listen', params),
        timeoutMs: foreverMs,
        maxMs: foreverMs,
        background: true,
      })
      // A server without such a stream answers with an error; one that ends it may offer it again.
      .then(again, (error: unknown) => (error instanceof RpcError ? undefined : again()));
  }
  open(1);
}
