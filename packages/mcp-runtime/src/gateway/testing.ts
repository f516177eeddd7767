import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RuntimeOptions } from '../runtime.ts';
import { createTestRuntime, specOf, type Script, type TestRuntime } from '../testing.ts';
import type { HttpContext, JsonObject, JsonRpcMessage, Runtime } from '../types.ts';
import { Meta } from '../versions.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON-RPC messages of the answer, whether JSON or an event stream. */
  messages: JsonRpcMessage[];
}

export interface StreamEvent {
  id: string | null;
  event: string;
  data: string;
}

/** An open event stream; `next` gives the next event with data, or null at its end. */
export interface EventStream extends AsyncDisposable {
  status: number;
  headers: Headers;
  next(): Promise<StreamEvent | null>;
  message(): Promise<JsonObject>;
  close(): void;
}

export interface DoorOptions {
  credential?: string;
  endpoint?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  route?: HttpContext['route'];
}

export interface TestEndpoint extends AsyncDisposable {
  url: string;
  /** Posts a body as it is and reads the whole answer. */
  post(body: unknown, options?: DoorOptions): Promise<Answer>;
  /** Sends a request and reads its answer as it comes. */
  stream(method: 'GET' | 'POST', body: unknown, options?: DoorOptions): Promise<EventStream>;
  send(method: string, options?: DoorOptions): Promise<Answer>;
  /** Opens a session and gives a client of it. */
  session(options?: DoorOptions & { capabilities?: JsonObject; version?: string }): Promise<TestSession>;
  /** Requests that were not answered yet. */
  open(): number;
}

/** A runtime with servers that run, and the way in to it. */
export interface TestGateway extends AsyncDisposable {
  it: TestRuntime;
  door: TestEndpoint;
}

export interface HouseOptions {
  /** The script of the servers, for all or one for each. */
  script?: Script | ((id: string) => Script);
  ids?: readonly string[];
  /** The differing fields of every server's specification. */
  over?: Parameters<typeof specOf>[1];
  runtime?: Partial<RuntimeOptions>;
}

export async function openGateway({
  script = {},
  ids = ['s'],
  over,
  runtime,
}: HouseOptions = {}): Promise<TestGateway> {
  const it = createTestRuntime(script, runtime);
  it.apply(...ids.map((id) => specOf(id, over)));
  for (const id of ids) await it.running(id);
  const door = await openEndpoint(it.runtime);
  async function close(): Promise<void> {
    await it.runtime.close();
    await door[Symbol.asyncDispose]();
  }
  return { it, door, [Symbol.asyncDispose]: close };
}

export interface TestSession {
  id: string;
  headers: Record<string, string>;
  result: JsonObject;
  /** Posts a request and gives its result; throws what it failed with. */
  request(method: string, params?: JsonObject): Promise<JsonObject>;
  post(body: unknown, options?: DoorOptions): Promise<Answer>;
  stream(method: 'GET' | 'POST', body?: unknown, options?: DoorOptions): Promise<EventStream>;
  end(): Promise<Answer>;
}

export const bodyLimit = 100_000;

function parseFrame(frame: string): StreamEvent {
  const fields = frame.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line) ?? []);
  function all(name: string): string[] {
    return fields.flatMap(([, field, value]) => (field === name ? [value ?? ''] : []));
  }
  return { id: all('id').at(-1) ?? null, event: all('event').at(-1) ?? 'message', data: all('data').join('\n') };
}

function messagesOf(headers: Headers, text: string): JsonRpcMessage[] {
  if (headers.get('content-type')?.includes('event-stream') === true) {
    const frames = text.split('\n\n').map(parseFrame);
    return frames.flatMap(({ data }) => (data === '' ? [] : [JSON.parse(data) as JsonRpcMessage]));
  }
  if (headers.get('content-type')?.includes('json') !== true) return [];
  return text === '' ? [] : ([JSON.parse(text)].flat() as JsonRpcMessage[]);
}

function toStream(response: Response, controller: AbortController): EventStream {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  const stream: EventStream = {
    status: response.status,
    headers: response.headers,
    async next() {
      for (;;) {
        const at = buffer.indexOf('\n\n');
        if (at === -1) {
          const { value, done } = (await reader?.read().catch(() => null)) ?? { value: '', done: true };
          if (done) return null;
          buffer += value;
          continue;
        }
        const event = parseFrame(buffer.slice(0, at));
        buffer = buffer.slice(at + 2);
        if (event.data !== '') return event;
      }
    },
    async message() {
      const event = await stream.next();
      if (event === null) throw new Error('the stream ended');
      return JSON.parse(event.data) as JsonObject;
    },
    close: () => controller.abort(),
    [Symbol.asyncDispose]: async () => controller.abort(),
  };
  return stream;
}

function contextOf(url: URL, headers: IncomingHttpHeaders): HttpContext {
  const [, route = 'streamable', endpoint = 'all'] = url.pathname.split('/');
  return {
    credential: {
      key: headers.authorization ?? 'me',
      person: String(headers['x-person'] ?? headers.authorization ?? 'me'),
    },
    endpoint,
    route: route as HttpContext['route'],
    messagesPath: '/messages/all',
    bodyLimit: bodyLimit,
    requestId: 'test',
  };
}

/** Serves a runtime over HTTP, as the hub does once it knows who calls. */
export async function openEndpoint(runtime: Pick<Runtime, 'handleHttp'>): Promise<TestEndpoint> {
  let open = 0;
  const server = createServer((request, response) => {
    open++;
    response.once('close', () => open--);
    runtime.handleHttp(request, response, contextOf(new URL(request.url ?? '/', 'http://x'), request.headers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function go(method: string, body: unknown, options: DoorOptions = {}): Promise<Response> {
    return fetch(
      `${url}/${options.route ?? 'streamable'}/${options.endpoint ?? 'all'}${options.headers?.['x-query'] ?? ''}`,
      {
        method,
        headers: {
          accept: 'application/json, text/event-stream',
          authorization: options.credential ?? 'me',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
    );
  }
  async function read(response: Response): Promise<Answer> {
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, messages: messagesOf(response.headers, text) };
  }

  const door: TestEndpoint = {
    url,
    open: () => open,
    post: async (body, options) => read(await go('POST', body, options)),
    send: async (method, options) => read(await go(method, undefined, options)),
    async stream(method, body, options) {
      const controller = new AbortController();
      return toStream(await go(method, body, { ...options, signal: controller.signal }), controller);
    },
    session: (options) => openSession(door, options ?? {}),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return door;
}

async function openSession(
  door: TestEndpoint,
  options: NonNullable<Parameters<TestEndpoint['session']>[0]>,
): Promise<TestSession> {
  const { capabilities = {}, version = '2025-11-25', ...where } = options;
  const params = { protocolVersion: version, capabilities, clientInfo: { name: 'raw', version: '1' } };
  const hello = await door.post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }, where);
  const [first] = hello.messages;
  const id = hello.headers.get('mcp-session-id');
  if (first === undefined || !('result' in first) || first.result === undefined || id === null) {
    throw new Error(`initialize failed: HTTP ${hello.status} ${hello.text}`);
  }
  const headers = { 'mcp-session-id': id, 'mcp-protocol-version': version };
  function at(more: DoorOptions = {}): DoorOptions {
    return { ...where, ...more, headers: { ...headers, ...more.headers } };
  }
  await door.post({ jsonrpc: '2.0', method: 'notifications/initialized' }, at());
  let last = 1000;
  return {
    id,
    headers,
    result: first.result,
    post: (body, more) => door.post(body, at(more)),
    stream: (method, body, more) => door.stream(method, body, at(more)),
    end: () => door.send('DELETE', at()),
    async request(method, given = {}) {
      const answer = await door.post({ jsonrpc: '2.0', id: ++last, method, params: given }, at());
      const reply = answer.messages.find((message) => 'id' in message && message.id === last && !('method' in message));
      if (reply === undefined || !('result' in reply || 'error' in reply)) throw new Error(`no reply: ${answer.text}`);
      if (reply.error !== undefined) throw Object.assign(new Error(reply.error.message), reply.error);
      return reply.result ?? {};
    },
  };
}

/** A request of revision 2026-07-28 with its envelope, and the headers that go with it. */
export function modern(
  id: number | string,
  method: string,
  params: JsonObject = {},
  capabilities: JsonObject = {},
): { body: JsonObject; headers: Record<string, string> } {
  const name = params['name'] ?? params['uri'];
  const envelope = {
    [Meta.protocolVersion]: '2026-07-28',
    [Meta.clientInfo]: { name: 'raw', version: '1' },
    [Meta.clientCapabilities]: capabilities,
  };
  return {
    body: {
      jsonrpc: '2.0',
      id,
      method,
      params: { ...params, _meta: { ...envelope, ...(params['_meta'] as JsonObject) } },
    },
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
  };
}
