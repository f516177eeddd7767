import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request of the hub came with. */
export interface Seen {
  authorization: string | undefined;
  url: string;
  method: string;
}

export interface OwnHttp extends AsyncDisposable {
  port: number;
  seen: Seen[];
}

async function bodyOf(request: IncomingMessage): Promise<{ id?: number; method: string }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as { id?: number; method: string };
}

/** A server over streamable HTTP of 2025-11-25, without sessions, that tells with what it was reached. */
export async function serveOwnHttp(): Promise<OwnHttp> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const { id, method } = await bodyOf(request);
      const { authorization } = request.headers;
      const url = request.url ?? '';
      seen.push({ authorization, url, method });
      if (id === undefined) return void response.writeHead(202).end();
      const results: Record<string, object> = {
        initialize: {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name: 'own-http', version: '1' },
        },
        'tools/list': { tools: [{ name: 'own', inputSchema: { type: 'object' } }] },
        'tools/call': { content: [{ type: 'text', text: JSON.stringify({ authorization, url }) }] },
      };
      const result = results[method];
      const body = result ? { result } : { error: { code: -32601, message: 'Method not found' } };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
