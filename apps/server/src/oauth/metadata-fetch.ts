import { checkUrl, createHttpClient, type HttpClient, type Proxies, toTarget } from '@switchboard/mcp-runtime/http';

const mostBytes = 64 * 1024;
/** Headers that the engine reads, for its cache. */
const kept = ['cache-control', 'expires', 'content-type'] as const;

/** The host of a document did not answer: it says nothing about the document. */
export class DocumentAway extends Error {
  override name = 'DocumentAway';
}

/** Fetches client metadata over https, within the address policy, without redirects, up to 64 KB. */
export interface MetadataFetch {
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** The fetch of the engine, over the same guard and proxies as the way to remote servers. */
export function createMetadataFetch(options: { allowPrivate: boolean; proxies: Proxies | null }): MetadataFetch {
  const policy = { allowPrivate: options.allowPrivate };
  let client: HttpClient | null = null;

  function get(url: URL, signal: AbortSignal | null | undefined): Promise<Response> {
    client ??= createHttpClient(policy, options.proxies);
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const chunks: Buffer[] = [];
    let status = 0;
    let headers = new Headers();
    let bytes = 0;
    const request = {
      method: 'GET' as const,
      target: toTarget(url),
      headers: ['accept', 'application/json'],
      publicHeaders: [],
      body: null,
      lane: 'side' as const,
      staying: true,
    };
    function finish() {
      const isEmpty = status === 204 || status === 205 || status === 304 || status < 200;
      resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status: Math.max(status, 200), headers }));
    }
    const going = client.exchange(request, {
      response(answered, given, from) {
        status = answered;
        headers = new Headers(kept.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : [])));
        if (from.path !== request.target.path) {
          going.stop();
          reject(new Error('The document is somewhere else than its address says.'));
        } else if (status !== 200) {
          going.stop();
          finish();
        }
      },
      data(chunk) {
        bytes += chunk.length;
        if (bytes > mostBytes) {
          going.stop();
          reject(new Error(`The document has more than ${mostBytes} bytes.`));
        } else chunks.push(chunk);
      },
      end: finish,
      failed: (cause) => reject(new DocumentAway('The host of the document does not answer.', { cause })),
    });
    function giveUp() {
      going.stop();
      reject(new DocumentAway('The document did not come in time.'));
    }
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', giveUp));
  }

  return {
    async fetch(given, init) {
      const url = checkUrl(given instanceof Request ? given.url : String(given), policy);
      if (url.protocol !== 'https:') throw new Error('Metadata documents are fetched over https.');
      return await get(url, init?.signal);
    },
    async close() {
      await client?.close();
    },
  };
}
