import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

/** A web-standard request for a node:http one; aborted when the client goes away before it was answered. */
export function toWebRequest(request: IncomingMessage, response: ServerResponse): Request {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const headers = new Headers();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.append(request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? '');
  }
  const method = request.method ?? 'GET';
  const init: RequestInit & { duplex?: 'half' } = { method, headers, signal: gone.signal };
  if (method === 'POST') {
    init.body = Readable.toWeb(request) as ReadableStream;
    init.duplex = 'half';
  }
  return new Request(`http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`, init);
}

/** Writes a web-standard response out on node:http, as it comes. */
export async function sendWebResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) {
    response.end();
    return;
  }
  response.flushHeaders();
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the browser tests know the DOM's stream instead
  const body = Readable.fromWeb(answer.body as unknown as NodeReadableStream);
  response.on('close', () => body.destroy());
  body.on('error', () => response.destroy());
  body.pipe(response);
}

export interface Listening extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  /** `http://127.0.0.1:<port>` without a path. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Listens on a free loopback port; `close` drops what is still open. */
export async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  port = 0,
): Promise<Listening> {
  const server = createServer(handler);
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }
  return {
    server,
    port: address.port,
    origin: `http://127.0.0.1:${address.port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Serves a web-standard handler on a free loopback port. */
export function listenWeb(fetchHandler: (request: Request) => Promise<Response>, port = 0): Promise<Listening> {
  return listen((request, response) => {
    fetchHandler(toWebRequest(request, response)).then(
      (answer) => sendWebResponse(answer, response),
      (error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(String(error));
      },
    );
  }, port);
}
