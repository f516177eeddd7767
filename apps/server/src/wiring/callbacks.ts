import type { CallbackPost, Callbacks } from '@switchboard/core';
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

/** Posts to URLs that people gave, over the same guard as the way to remote servers; no more is read of an answer than is asked for. */
export function createCallbacks(proxies: Proxies | null): Callbacks & { close(): Promise<void> } {
  const clients = new Map<boolean, HttpClient>();
  function clientFor(allowPrivate: boolean): HttpClient {
    const client = clients.get(allowPrivate) ?? createHttpClient({ allowPrivate }, proxies);
    clients.set(allowPrivate, client);
    return client;
  }
  function exchange(post: CallbackPost, mostBytes: number): Promise<{ status: number; body: string }> {
    const { url, headers, body, allowPrivate, signal } = post;
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
    const flat = Object.entries(headers).flat();
    const request = {
      method: 'POST' as const,
      target: toTarget(checkUrl(url, { allowPrivate })),
      headers: flat,
      publicHeaders: [],
      body,
      lane: 'streams' as const,
      staying: true,
    };
    const chunks: Buffer[] = [];
    let status = 0;
    let bytes = 0;
    function finish() {
      going.stop();
      resolve({ status, body: Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8') });
    }
    const going = clientFor(allowPrivate).exchange(request, {
      response(answered) {
        status = answered;
        if (mostBytes === 0) finish();
      },
      data(chunk) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes >= mostBytes) finish();
      },
      end: finish,
      failed: reject,
    });
    function giveUp() {
      going.stop();
      reject(new LinkError('unreachable', 'The callback did not answer in time.'));
    }
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', giveUp));
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
    async post(post) {
      return (await exchange(post, 0)).status;
    },
    exchange,
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
