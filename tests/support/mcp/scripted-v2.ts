import {
  createMcpHandler,
  type McpHttpHandler,
  ProtocolError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type EraHandler, serveEras } from './eras.ts';
import { listenWeb } from './node-web.ts';
import type { Audience, Call, Json } from './script-types.ts';
import { createScript, page, type Script } from './script.ts';
import type { ScriptedHttp } from './scripted-v1.ts';

export type Eras = 'modern' | 'legacy' | 'dual';

/** Thrown through a tool to end this round of a 2026 call. */
class Question extends Error {
  readonly key: string;
  readonly request: Json;
  constructor(key: string, request: Json) {
    super(`needs ${key}`);
    this.key = key;
    this.request = request;
  }
}

interface Rounds {
  answers: Record<string, Json>;
}

function callOf(args: Json, ctx: ServerContext, rounds: Rounds): Call {
  const token = ctx.mcpReq._meta?.progressToken;
  return {
    args,
    signal: ctx.mcpReq.signal,
    progress: async (progress, total, message) => {
      if (token === undefined || ctx.mcpReq.signal.aborted) return;
      const params = { progressToken: token, progress, total, message };
      await ctx.mcpReq.notify({ method: 'notifications/progress', params });
    },
    log: (level, data) => ctx.mcpReq.log(level, data, 'scripted'),
    ask: async (key, method, params) => {
      const answer = rounds.answers[key];
      if (answer !== undefined) return answer;
      const { elicitationId: _id, ...rest } = params;
      throw new Question(key, method === 'roots/list' ? { method } : { method, params: rest });
    },
  };
}

async function run(script: Script, params: Json, ctx: ServerContext): Promise<Json> {
  const tool = script.tools().find(({ name }) => name === params['name']);
  if (tool === undefined) throw new ProtocolError(-32602, `Unknown tool ${String(params['name'])}`);
  const state = ctx.mcpReq.requestState<string>();
  const earlier = state === undefined ? {} : (JSON.parse(state) as Record<string, Json>);
  const rounds = { answers: { ...earlier, ...(ctx.mcpReq.inputResponses as Record<string, Json> | undefined) } };
  try {
    return await tool.run(callOf((params['arguments'] as Json | undefined) ?? {}, ctx, rounds));
  } catch (error) {
    if (!(error instanceof Question)) throw error;
    return {
      resultType: 'input_required',
      inputRequests: { [error.key]: error.request },
      requestState: JSON.stringify(rounds.answers),
    };
  }
}

/** One server of the v2 SDK over the script, for one connection or one request. */
export function createV2Server(script: Script): Server {
  const server = new Server(
    { name: script.name, title: `Scripted ${script.name}`, version: '2.0.0' },
    {
      instructions: `Be kind to ${script.name}.`,
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
        completions: {},
        extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } },
      },
      cacheHints: { 'tools/list': { ttlMs: 5000, cacheScope: 'public' } },
    },
  );
  server.setRequestHandler('tools/list', ({ params }) => {
    const { items, nextCursor } = page(script.tools(), params?.cursor);
    return { tools: items.map(({ run: _run, ...tool }) => tool) as never, nextCursor };
  });
  server.setRequestHandler('prompts/list', ({ params }) => {
    const { items, nextCursor } = page(script.prompts, params?.cursor);
    return { prompts: items as never, nextCursor };
  });
  server.setRequestHandler('resources/list', ({ params }) => {
    const { items, nextCursor } = page(script.resources, params?.cursor);
    return { resources: items as never, nextCursor };
  });
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: script.templates as never }));
  server.setRequestHandler('tools/call', (request, ctx) => run(script, request.params as Json, ctx) as never);
  server.setRequestHandler('prompts/get', ({ params }) => {
    const prompt = script.getPrompt(params.name, (params.arguments as Json | undefined) ?? {});
    if (prompt === null) throw new ProtocolError(-32602, `Unknown prompt ${params.name}`);
    return prompt as never;
  });
  server.setRequestHandler('resources/read', ({ params }) => {
    const resource = script.readResource(params.uri);
    if (resource === null) throw new ProtocolError(-32602, 'Resource not found', { uri: params.uri });
    return resource as never;
  });
  server.setRequestHandler('completion/complete', ({ params }) => ({
    completion: { values: script.complete(params.argument.value), hasMore: false },
  }));
  return server;
}

/** Lets a 2025 connection subscribe; the 2026 era has `subscriptions/listen` instead. */
function subscribable(server: Server, open: Map<Server, Set<string>>): Server {
  const uris = new Set<string>();
  open.set(server, uris);
  server.setRequestHandler('resources/subscribe', ({ params }) => (uris.add(params.uri), {}));
  server.setRequestHandler('resources/unsubscribe', ({ params }) => (uris.delete(params.uri), {}));
  return server;
}

function notify(server: Server, method: string, params?: Json): void {
  void server.notification({ method, ...(params && { params }) }).catch(() => {});
}

/** Serves the script on stdio with the v2 SDK, in both eras or in the modern one only. */
export function serveV2Stdio(name: string, eras: Eras): void {
  let only: Server | undefined;
  const audience: Audience = {
    toolsChanged: () => only && notify(only, 'notifications/tools/list_changed'),
    resourceUpdated: (uri) => only && notify(only, 'notifications/resources/updated', { uri }),
  };
  const script = createScript(name, audience);
  serveStdio(
    ({ era }) => {
      only = createV2Server(script);
      return era === 'legacy' ? subscribable(only, new Map()) : only;
    },
    { legacy: eras === 'modern' ? 'reject' : 'serve' },
  );
}

/** Serves the script over HTTP with the v2 SDK in the eras named. */
export async function serveV2Http(name: string, eras: Eras, port = 0, make = createScript): Promise<ScriptedHttp> {
  const open = new Map<Server, Set<string>>();
  let modern: McpHttpHandler | undefined;
  const script = make(name, {
    toolsChanged: () => {
      modern?.notify.toolsChanged();
      for (const server of open.keys()) notify(server, 'notifications/tools/list_changed');
    },
    resourceUpdated: (uri) => {
      modern?.notify.resourceUpdated(uri);
      for (const [server, uris] of open) if (uris.has(uri)) notify(server, 'notifications/resources/updated', { uri });
    },
  });
  modern = eras === 'legacy' ? undefined : createMcpHandler(() => createV2Server(script), { legacy: 'reject' });
  const handler: EraHandler = serveEras({
    modern,
    legacy: eras === 'modern' ? undefined : () => subscribable(createV2Server(script), open),
    forget: (server) => void open.delete(server),
  });
  const listening = await listenWeb(handler.fetch, port);
  async function close(): Promise<void> {
    await handler.close();
    await listening.close();
  }
  const url = `${listening.origin}/mcp`;
  return { ...listening, url, sseUrl: url, connections: () => open.size, close, [Symbol.asyncDispose]: close };
}
