import type { Callbacks } from '@switchboard/core';
import {
  checkUrl,
  createHttpClient,
  type HttpClient,
  LinkError,
  type Proxies,
  toTarget,
} from '@switchboard/mcp-runtime/http';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Posts to URLs that people gave, over the same guard as the way to remote servers; what is answered is not read. */
export function createCallbacks(proxies: Proxies | null): Callbacks & { close(): Promise<void> } {
  const clients = new Map<boolean, HttpClient>();
  function clientFor(allowPrivate: boolean): HttpClient {
    const client = clients.get(allowPrivate) ?? createHttpClient({ allowPrivate }, proxies);
    clients.set(allowPrivate, client);
    return client;
  }
  return {
    refuse(url, allowPrivate) {
      try {
        checkUrl(url, { allowPrivate });
        return null;
      } catch (error) {
        return messageOf(error);
      }
    },
    post({ url, headers, body, allowPrivate, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const target = toTarget(checkUrl(url, { allowPrivate }));
      const flat = Object.entries(headers).flat();
      const request = {
        method: 'POST',
        target,
        headers: flat,
        publicHeaders: [],
        body,
        lane: 'streams',
        staying: true,
      };
      const exchange = clientFor(allowPrivate).exchange(request as Parameters<HttpClient['exchange']>[0], {
        response: (status) => {
          resolve(status);
          exchange.stop();
        },
        data: () => undefined,
        end: () => undefined,
        failed: reject,
      });
      function giveUp() {
        exchange.stop();
        reject(new LinkError('unreachable', 'The callback did not answer in time.'));
      }
      if (signal.aborted) giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      return promise.finally(() => signal.removeEventListener('abort', giveUp));
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
