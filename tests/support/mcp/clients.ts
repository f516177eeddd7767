import { Client as V2Client, StreamableHTTPClientTransport as V2Http } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { Json } from './script-types.ts';
import type { Heard, TestClient, ConnectOptions, ClientKind, Answers } from './test-client.ts';

const AnyResult = z.looseObject({});

const everything: Json = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } };

const defaultAnswers: Answers = {
  'elicitation/create': (params) => {
    if (params['mode'] === 'url') return { action: 'accept' };
    const schema = params['requestedSchema'] as { properties: Record<string, Json> };
    const fields = Object.keys(schema.properties).map((key) => [key, `my ${key}`]);
    return { action: 'accept', content: Object.fromEntries(fields) };
  },
  'sampling/createMessage': (params) => {
    const [message] = params['messages'] as { content: { text: string } }[];
    const content = { type: 'text', text: `model says ${message?.content.text ?? 'nothing'}` };
    return { role: 'assistant', model: 'test-model', stopReason: 'endTurn', content };
  },
  'roots/list': () => ({ roots: [{ uri: 'file:///work', name: 'work' }] }),
};

interface Parts {
  kind: TestClient['kind'];
  connection: {
    request(request: never, schema: never, options?: never): Promise<unknown>;
    notification(notification: never): Promise<void>;
    getServerCapabilities(): unknown;
    getServerVersion(): unknown;
    getInstructions(): string | undefined;
    close(): Promise<void>;
  };
  version(): string | undefined;
  heard: Heard[];
  asked: Heard[];
  watch: TestClient['watch'];
  endSession(): Promise<void>;
}

function assemble(parts: Parts): TestClient {
  const { connection, heard, asked } = parts;
  const waiting: { method: string; tell: (heard: Heard) => void }[] = [];
  const push = heard.push.bind(heard);
  heard.push = (...items) => {
    for (const item of items) {
      const at = waiting.findIndex(({ method }) => method === item.method);
      if (at >= 0) waiting.splice(at, 1)[0]?.tell(item);
    }
    return push(...items);
  };
  let taken = 0;
  const request: TestClient['request'] = async (method, params, options) =>
    (await connection.request(
      { method, ...(params && { params }) } as never,
      AnyResult as never,
      {
        timeout: 30_000,
        ...options,
      } as never,
    )) as Json;
  return {
    kind: parts.kind,
    get protocolVersion() {
      return parts.version();
    },
    get capabilities() {
      return (connection.getServerCapabilities() ?? {}) as Json;
    },
    get serverInfo() {
      return (connection.getServerVersion() ?? {}) as Json;
    },
    get instructions() {
      return connection.getInstructions();
    },
    heard,
    asked,
    request,
    notify: (method, params) => connection.notification({ method, ...(params && { params }) } as never),
    list: async (method, key) => {
      const items: Json[] = [];
      let cursor: unknown;
      do {
        const result = await request(method, cursor === undefined ? {} : { cursor });
        items.push(...(result[key] as Json[]));
        cursor = result['nextCursor'];
      } while (cursor !== undefined);
      return items;
    },
    call: (name, args = {}, options = {}) => request('tools/call', { name, arguments: args }, options),
    next: (method, timeoutMs = 10_000) => {
      const at = heard.findIndex((item, index) => index >= taken && item.method === method);
      const already = heard[at];
      if (already !== undefined) {
        taken = at + 1;
        return Promise.resolve(already);
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(new Error(`no ${method} within ${timeoutMs} ms; heard ${heard.map((h) => h.method).join(', ')}`)),
          timeoutMs,
        );
        function tell(item: Heard): void {
          clearTimeout(timer);
          taken = heard.length + 1;
          resolve(item);
        }
        waiting.push({ method, tell });
      });
    },
    watch: parts.watch,
    end: async () => {
      await parts.endSession();
      await connection.close();
    },
    close: () => connection.close(),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

function answerer(options: ConnectOptions, asked: Heard[]) {
  const answers = { ...defaultAnswers, ...options.answers };
  return async (method: string, params: Json | undefined): Promise<never> => {
    asked.push({ method, params: params ?? {} });
    const answer = answers[method];
    if (answer === undefined) throw new Error(`nobody answers ${method}`);
    return (await answer(params ?? {})) as never;
  };
}

type V1Transport = Parameters<V1Client['connect']>[0];

/** Connects a v1 SDK client over a transport of its own. */
export async function connectV1(
  kind: TestClient['kind'],
  transport: V1Transport,
  options: ConnectOptions = {},
): Promise<TestClient> {
  const heard: Heard[] = [];
  const asked: Heard[] = [];
  const answer = answerer(options, asked);
  const capabilities = options.capabilities ?? everything;
  const client = new V1Client({ name: options.name ?? `test ${kind}`, version: '1.0.0' }, { capabilities });
  client.fallbackNotificationHandler = async ({ method, params }) => {
    heard.push({ method, params: params ?? {} });
  };
  if (capabilities['elicitation']) {
    client.setRequestHandler(ElicitRequestSchema, ({ method, params }) => answer(method, params as Json));
  }
  if (capabilities['sampling']) {
    client.setRequestHandler(CreateMessageRequestSchema, ({ method, params }) => answer(method, params as Json));
  }
  if (capabilities['roots']) {
    client.setRequestHandler(ListRootsRequestSchema, ({ method, params }) => answer(method, params as Json));
  }
  let version: string | undefined;
  const setVersion = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (value) => ((version = value), setVersion?.(value));
  await client.connect(transport);
  return assemble({
    kind,
    connection: client,
    version: () => version,
    heard,
    asked,
    watch: async ({ resource }) => {
      if (resource !== undefined) await client.subscribeResource({ uri: resource });
    },
    endSession: async () => {
      if (transport instanceof V1Http) await transport.terminateSession();
    },
  });
}

async function connectV2(kind: ClientKind, url: string, options: ConnectOptions): Promise<TestClient> {
  const heard: Heard[] = [];
  const asked: Heard[] = [];
  const answer = answerer(options, asked);
  const capabilities = options.capabilities ?? everything;
  const modern = kind === 'v2-modern';
  const client = new V2Client(
    { name: options.name ?? `test ${kind}`, version: '2.0.0' },
    { capabilities, versionNegotiation: { mode: modern ? { pin: '2026-07-28' } : 'legacy' } },
  );
  client.fallbackNotificationHandler = async ({ method, params }) => {
    heard.push({ method, params: params ?? {} });
  };
  for (const [method, capability] of [
    ['elicitation/create', 'elicitation'],
    ['sampling/createMessage', 'sampling'],
    ['roots/list', 'roots'],
  ] as const) {
    if (capabilities[capability]) client.setRequestHandler(method, ({ params }) => answer(method, params as Json));
  }
  const transport = new V2Http(new URL(url), { requestInit: { headers: options.headers ?? {} } });
  await client.connect(transport);
  return assemble({
    kind,
    connection: client,
    version: () => client.getNegotiatedProtocolVersion(),
    heard,
    asked,
    watch: async ({ tools, resource }) => {
      if (modern) {
        await client.listen({
          ...(tools === true && { toolsListChanged: true }),
          ...(resource !== undefined && { resourceSubscriptions: [resource] }),
        });
      } else if (resource !== undefined) await client.subscribeResource({ uri: resource });
    },
    endSession: async () => {
      if (!modern) await transport.terminateSession();
    },
  });
}

/** Connects a client of a kind; `v1-sse` takes the URL of an HTTP+SSE endpoint. */
export async function connect(kind: ClientKind, url: string, options: ConnectOptions = {}): Promise<TestClient> {
  const requestInit = { headers: options.headers ?? {} };
  if (kind === 'v1-streamable') return connectV1(kind, new V1Http(new URL(url), { requestInit }), options);
  if (kind === 'v1-sse') {
    function withHeaders(input: string | URL, init?: RequestInit): Promise<Response> {
      return fetch(input, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init?.headers)), ...options.headers },
      });
    }
    return connectV1(kind, new SSEClientTransport(new URL(url), { requestInit, fetch: withHeaders }), options);
  }
  return connectV2(kind, url, options);
}

/** Starts a program and connects a v1 SDK client to its pipes. */
export function connectStdio(
  command: string,
  args: string[],
  options: ConnectOptions & { env?: Record<string, string> } = {},
): Promise<TestClient> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...options.env };
  return connectV1('stdio', new StdioClientTransport({ command, args, env, stderr: 'ignore' }), options);
}
