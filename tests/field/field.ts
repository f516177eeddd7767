import type { IncomingMessage, ServerResponse } from 'node:http';
import { json, serve, type TestServer } from '../../packages/mcp-runtime/src/upstream/fixtures/http-server.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { connect } from '../support/mcp/clients.ts';
import type { Json } from '../support/mcp/script-types.ts';
import type { ClientKind, TestClient } from '../support/mcp/test-client.ts';
import { until } from '../support/until.ts';

/** Servers with the habits that are found in the field, behind a whole hub. */

export interface Message {
  id?: string | number;
  method?: string;
  params?: Json;
}

/** What reached a server, and how it answers. */
export interface Exchange {
  message: Message;
  request: IncomingMessage;
  response: ServerResponse;
  /** Answers as a server without any habit does. */
  plainly(): void;
}

export interface FieldServer extends TestServer {
  /** Every message that was posted, in order. */
  readonly received: Message[];
  /** How often a method was asked for. */
  count(method: string): number;
}

const tool = { name: 'good', description: 'says hi', inputSchema: { type: 'object' } };

/** What a server without any habit says to a request. */
export function resultOf({ method, params }: Message): Json {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {}, prompts: {} },
        serverInfo: { name: 'fixture', version: '1' },
      };
    case 'tools/list':
      return { tools: [tool] };
    case 'prompts/list':
      return { prompts: [{ name: 'p' }] };
    case 'prompts/get':
      return { messages: [] };
    case 'tools/call':
      return { content: [{ type: 'text', text: `hi ${JSON.stringify(params?.['arguments'] ?? {})}` }] };
    default:
      return {};
  }
}

/** The whole reply to a request, as text. */
export function replyTo(message: Message, over: Json = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id: message.id, result: resultOf(message), ...over });
}

function plainly(message: Message, response: ServerResponse): void {
  if (message.id === undefined || message.method === undefined) return void response.writeHead(202).end();
  response.writeHead(200, { 'content-type': 'application/json' }).end(replyTo(message));
}

/** A streamable HTTP server that answers each posted message as `handle` has it; it knows no stateless revision. */
export async function fieldServer(handle: (exchange: Exchange) => unknown): Promise<FieldServer> {
  const received: Message[] = [];
  const server = await serve((request, response, body) => {
    if (request.method !== 'POST') return response.writeHead(request.method === 'GET' ? 405 : 200).end();
    const message = JSON.parse(body) as Message;
    received.push(message);
    if (message.method === 'server/discover') {
      const error = { code: -32601, message: 'Method not found' };
      return json(response, { jsonrpc: '2.0', id: message.id, error });
    }
    return handle({ message, request, response, plainly: () => plainly(message, response) });
  });
  function count(method: string): number {
    return received.filter((message) => message.method === method).length;
  }
  return { ...server, url: `${server.url}/mcp`, received, count };
}

export interface Field extends AsyncDisposable {
  readonly app: TestApp;
  /** Registers a server by its URL and waits until it runs; rejects with why it does not. */
  add(id: string, url: string, over?: Json): Promise<void>;
  /** Registers a program and waits until it runs. */
  addProgram(id: string, command: string, args: readonly string[], over?: Json): Promise<void>;
  /** Why a server does not run, once that is known. */
  failure(id: string): Promise<string>;
  client(id: string, kind?: ClientKind): Promise<TestClient>;
  /** The text that the tool `good` answers an official client with; rejects with what the client is told. */
  call(id: string, kind?: ClientKind): Promise<string>;
  /** Lines of a server's log. */
  logs(id: string): Promise<{ level: string; message: string; instance: string | null }[]>;
}

async function settled(app: TestApp, id: string) {
  async function phase() {
    return (await app.client().servers.get.query({ id })).status;
  }
  await until(async () => ['running', 'error'].includes((await phase()).phase), `${id} starts`, 90_000);
  return await phase();
}

/** A whole hub for servers of the field. */
export async function startField(env: Record<string, string> = {}): Promise<Field> {
  const app = await createTestApp(env);
  const headers = { authorization: `Bearer ${app.token}` };
  async function create(draft: Json): Promise<void> {
    const id = String(draft['id']);
    await app.client().servers.create.mutate({ name: id, desired: 'on', ...draft } as never);
    const status = await settled(app, id);
    if (status.phase !== 'running') throw new Error(status.error ?? status.message);
  }
  const client: Field['client'] = (id, kind = 'v1-streamable') =>
    connect(kind, `${app.url}/${kind === 'v1-sse' ? 'sse' : 'mcp'}/${id}`, { headers });
  return {
    app,
    add: (id, url, over = {}) => create({ id, kind: 'streamable-http', url, ...over }),
    addProgram: (id, command, args, over = {}) => create({ id, kind: 'stdio', command, args, ...over }),
    failure: async (id) => (await settled(app, id)).error ?? '',
    client,
    async call(id, kind) {
      await using connected = await client(id, kind);
      const { content } = await connected.call('good', { a: 1 });
      return String((content as { text?: unknown }[])[0]?.text);
    },
    logs: async (id) => (await app.client().servers.logs.query({ id })).lines,
    [Symbol.asyncDispose]: () => app.stop(),
  };
}
