import { routingHeaders } from '../param-headers.ts';
import { RpcError } from '../rpc.ts';
import type { JsonObject } from '../types.ts';
import { LATEST_MODERN } from '../versions.ts';
import { nextDelayMs } from './backoff.ts';
import { envelope } from './handshake.ts';
import type { ClientIdentity } from './handshake.ts';
import { FOREVER_MS } from './instance.ts';
import type { Instance } from './instance.ts';

export interface ChangeStreamOptions {
  hub: ClientIdentity;
  random: () => number;
  elapsed: () => number;
  /** The stream is open again after a break, in which changes may have gone unheard. */
  onResumed(): void;
}

/** A stream that lasted this long was fine; the next break starts the delays anew. */
const STABLE_MS = 60_000;

/** Keeps the change stream of a 2026-07-28 server open; a 2025 server tells changes unasked. */
export function listenForChanges(instance: Instance, options: ChangeStreamOptions): void {
  if (instance.era !== 'modern') return;
  const open = (attempt: number): void => {
    const params: JsonObject = {
      notifications: { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true },
      _meta: envelope(options.hub),
    };
    const begun = options.elapsed();
    const again = (): void => {
      if (!instance.alive()) return;
      const next = options.elapsed() - begun > STABLE_MS ? 1 : attempt;
      const timer = setTimeout(
        () => {
          if (!instance.alive()) return;
          options.onResumed();
          open(next + 1);
        },
        nextDelayMs(next, options.random()),
      );
      timer.unref();
    };
    instance
      .request({
        method: 'subscriptions/listen',
        params,
        headers: routingHeaders(LATEST_MODERN, 'subscriptions/listen', params),
        timeoutMs: FOREVER_MS,
        maxMs: FOREVER_MS,
        background: true,
      })
      // A server that knows no such stream says so; one that ends it may have it again.
      .then(again, (error: unknown) => (error instanceof RpcError ? undefined : again()));
  };
  open(1);
}
