import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import * as types from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { listen, type Listening } from './node-web.ts';
import type { Audience, Call, Json } from './script-types.ts';
import { createScript, page, type Script } from './script.ts';

type Extra = RequestHandlerExtra<types.ServerRequest, types.ServerNotification>;

const AnyResult = z.looseObject({});

/** A method and a notification of nobody's specification: an extension. */
const Add = z.object({ method: z.literal('example.org/add'), params: z.looseObject({ a: z.number(), b: z.number() }) });
const Note = z.object({ method: z.literal('notifications/example.org/note'), params: z.looseObject({}) });

/** Every server speaking to a client now, and what each subscribed to. */
export interface Connections extends Audience {
  add(server: Server): Set<string>;
  remove(server: Server): void;
  count(): number;
}

export function createConnections(): Connections {
  const open = new Map<Server, Set<string>>();
  return {
    add: (server) => {
      const uris = new Set<string>();
      open.set(server, uris);
      return uris;
    },
    remove: (server) => void open.delete(server),
    count: () => open.size,
    toolsChanged: () => {
      for (const server of open.keys()) void server.sendToolListChanged().catch(() => {});
    },
    resourceUpdated: (uri) => {
      for (const [server, uris] of open) if (uris.has(uri)) void server.sendResourceUpdated({ uri }).catch(() => {});
    },
  };
}

const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

function callOf(level: () => string, args: Json, extra: Extra): Call {
  const token = extra._meta?.progressToken;
  return {
    args,
    signal: extra.signal,
    progress: async (progress, total, message) => {
      if (token === undefined || extra.signal.aborted) return;
      await extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken: token, progress, total, message },
      });
    },
    // Of the call, as most servers mean it, not on the session's own stream.
    log: async (of, data) => {
      if (levels.indexOf(of) < levels.indexOf(level())) return;
      await extra.sendNotification({
        method: 'notifications/message',
        params: { level: of, logger: 'scripted', data },
      });
    },
    ask: async (_key, method, params) =>
      (await extra.sendRequest({ method, params } as never, AnyResult as never, { timeout: 20_000 })) as Json,
  };
}

/** One server of the v1 SDK over the script, for one connection. */
export function createV1Server(script: Script, connections: Connections): Server {
  const server = new Server(
    { name: script.name, title: `Scripted ${script.name}`, version: '1.0.0' },
    {
      instructions: `Be kind to ${script.name}.`,
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
        completions: {},
        experimental: { 'example.org/feature': { level: 2 } },
        extensions: { 'example.org/adding': {} },
      },
    },
  );
  const subscribed = connections.add(server);
  server.onclose = () => connections.remove(server);
  let level = 'debug';
  server.setRequestHandler(types.SetLevelRequestSchema, ({ params }) => ((level = params.level), {}));

  server.setRequestHandler(Add, ({ params }) => ({ sum: params.a + params.b }));
  server.setNotificationHandler(Note, ({ params }) =>
    server.notification({ method: 'notifications/example.org/noted', params }),
  );
  server.setNotificationHandler(types.RootsListChangedNotificationSchema, async () => {
    const { roots } = await server.listRoots();
    await server.sendLoggingMessage({ level: 'info', data: { roots } });
  });
  server.setRequestHandler(types.ListToolsRequestSchema, ({ params }) => {
    const { items, nextCursor } = page(script.tools(), params?.cursor);
    return { tools: items.map(({ run: _run, ...tool }) => tool) as unknown as types.Tool[], nextCursor };
  });
  server.setRequestHandler(types.ListPromptsRequestSchema, ({ params }) => {
    const { items, nextCursor } = page(script.prompts, params?.cursor);
    return { prompts: items as unknown as types.Prompt[], nextCursor };
  });
  server.setRequestHandler(types.ListResourcesRequestSchema, ({ params }) => {
    const { items, nextCursor } = page(script.resources, params?.cursor);
    return { resources: items as unknown as types.Resource[], nextCursor };
  });
  server.setRequestHandler(types.ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: script.templates as unknown as types.ResourceTemplate[],
  }));
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }, extra) => {
    const tool = script.tools().find(({ name }) => name === params.name);
    if (tool === undefined) throw new types.McpError(types.ErrorCode.InvalidParams, `Unknown tool ${params.name}`);
    return await tool.run(callOf(() => level, params.arguments ?? {}, extra));
  });
  server.setRequestHandler(types.GetPromptRequestSchema, ({ params }) => {
    const prompt = script.getPrompt(params.name, params.arguments ?? {});
    if (prompt === null) throw new types.McpError(types.ErrorCode.InvalidParams, `Unknown prompt ${params.name}`);
    return prompt;
  });
  server.setRequestHandler(types.ReadResourceRequestSchema, ({ params }) => {
    const resource = script.readResource(params.uri);
    if (resource === null) throw new types.McpError(-32002, 'Resource not found', { uri: params.uri });
    return resource;
  });
  server.setRequestHandler(types.CompleteRequestSchema, ({ params }) => ({
    completion: { values: script.complete(params.argument.value), hasMore: false },
  }));
  server.setRequestHandler(types.SubscribeRequestSchema, ({ params }) => (subscribed.add(params.uri), {}));
  server.setRequestHandler(types.UnsubscribeRequestSchema, ({ params }) => (subscribed.delete(params.uri), {}));
  return server;
}

/** Serves the script on stdio with the v1 SDK. */
export async function serveV1Stdio(name: string, fillers = 0): Promise<void> {
  const connections = createConnections();
  await createV1Server(createScript(name, connections, fillers), connections).connect(new StdioServerTransport());
}

export interface ScriptedHttp extends Listening {
  /** Streamable HTTP. */
  url: string;
  /** HTTP+SSE, where the server has it. */
  sseUrl: string;
  connections(): number;
}

/** Serves the script over streamable HTTP at `/mcp` and over HTTP+SSE at `/sse`, with the v1 SDK. */
export async function serveV1Http(
  name: string,
  options: { port?: number; fillers?: number } = {},
): Promise<ScriptedHttp> {
  const connections = createConnections();
  const script = createScript(name, connections, options.fillers);
  const streams = new Map<string, StreamableHTTPServerTransport>();
  const pipes = new Map<string, SSEServerTransport>();

  async function streamable(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? streams.get(id) : undefined;
    if (id !== undefined && known === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } }));
      return;
    }
    if (known !== undefined) return known.handleRequest(request, response);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void streams.set(session, transport),
      onsessionclosed: (session) => void streams.delete(session),
    });
    await createV1Server(script, connections).connect(transport);
    return transport.handleRequest(request, response);
  }

  const listening = await listen((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/mcp') return void streamable(request, response);
    if (url.pathname === '/sse' && request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response);
      pipes.set(transport.sessionId, transport);
      response.on('close', () => pipes.delete(transport.sessionId));
      return void createV1Server(script, connections).connect(transport);
    }
    const pipe = pipes.get(url.searchParams.get('sessionId') ?? '');
    if (url.pathname === '/messages' && pipe !== undefined) return void pipe.handlePostMessage(request, response);
    response.writeHead(404).end();
  }, options.port);
  return {
    ...listening,
    url: `${listening.origin}/mcp`,
    sseUrl: `${listening.origin}/sse`,
    connections: connections.count,
  };
}
