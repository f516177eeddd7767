import type { ServerResponse } from 'node:http';
import type { JsonRpcRequest } from '../../types.ts';
import { json, serve, type Handle, type TestServer } from '../fixtures/http-server.ts';
import type { LinkContext, LinkError, OpenLink } from '../link.ts';
import { createHttpClient } from './http-client.ts';
import { openStreamableHttp } from './streamable-http.ts';
import { openTestLink, remote, type TestLink } from './testing.ts';

function makeClients() {
  return { open: createHttpClient({ allowPrivate: true }), strict: createHttpClient({ allowPrivate: false }) };
}

let clients = makeClients();

/** Ends the connections that the tests of one file shared; the next file in this process gets others. */
export async function closeClients(): Promise<void> {
  const used = Object.values(clients);
  clients = makeClients();
  await Promise.all(used.map((client) => client.close()));
}

export const open: OpenLink = (launch, context, events) => {
  if (!('url' in launch)) throw new Error('not a URL');
  return openStreamableHttp(launch, context, events, launch.allowPrivate ? clients.open : clients.strict);
};

export async function withServer(
  server: TestServer,
  options: { headers?: Record<string, string>; path?: string } & Partial<LinkContext> = {},
): Promise<TestLink & { server: TestServer }> {
  const launch = remote('streamable-http', `${server.url}${options.path ?? '/mcp'}`, options.headers);
  const test = await openTestLink(open, launch, { answerWith: { roots: [] }, ...options });
  return {
    ...test,
    server,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

export async function against(handle: Handle, options: Parameters<typeof withServer>[1] = {}) {
  return withServer(await serve(handle), options);
}

export function parse(body: string) {
  return JSON.parse(body) as JsonRpcRequest;
}
export function reply(response: ServerResponse, body: string, status = 200) {
  json(response, { jsonrpc: '2.0', id: parse(body).id, result: {} }, status);
}
export function caught(promise: Promise<unknown>) {
  return promise.then(
    () => null,
    (error: LinkError) => error,
  );
}
