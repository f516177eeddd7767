import { randomUUID } from 'node:crypto';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isInitializeRequest,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type McpHttpHandler,
  originValidationResponse,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { createEventStore } from '../../support/mcp/event-store.ts';
import { listenWeb } from '../../support/mcp/node-web.ts';
import { createReference } from './reference.ts';

export interface RunningReference extends AsyncDisposable {
  url: string;
  sessions(): number;
  close(): Promise<void>;
}

const problem = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status });

/** Serves the reference on one URL: sessions for 2025 clients, single exchanges for 2026 ones. */
export async function startReference(port = 0): Promise<RunningReference> {
  let modern: McpHttpHandler | undefined;
  const reference = createReference({
    toolsChanged: () => modern?.notify.toolsChanged(),
    promptsChanged: () => modern?.notify.promptsChanged(),
  });
  modern = createMcpHandler(reference.create, { legacy: 'reject' });
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  const openSession = async (): Promise<WebStandardStreamableHTTPServerTransport> => {
    const server = reference.create({ era: 'legacy' });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      eventStore: createEventStore(),
      retryInterval: 200,
    });
    await server.connect(transport);
    server.server.onclose = () => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
      reference.forget(server);
    };
    return transport;
  };

  const serveLegacy = async (request: Request): Promise<Response> => {
    const id = request.headers.get('mcp-session-id');
    if (id !== null) {
      return sessions.get(id)?.handleRequest(request) ?? problem(404, -32001, `Session ${id} is not known here`);
    }
    const body: unknown =
      request.method === 'POST'
        ? await request
            .clone()
            .json()
            .catch(() => null)
        : null;
    if (!isInitializeRequest(body)) return problem(400, -32000, 'Send initialize first, then name the session');
    const transport = await openSession();
    return transport.handleRequest(request);
  };

  const listening = await listenWeb(async (request) => {
    const refused =
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins());
    if (refused !== undefined) return refused;
    return (await isLegacyRequest(request)) ? serveLegacy(request) : modern.fetch(request);
  }, port);

  const close = async (): Promise<void> => {
    await Promise.all([...sessions.values()].map((transport) => transport.close()));
    await modern.close();
    await listening.close();
  };
  return {
    url: `${listening.origin}/mcp`,
    sessions: () => sessions.size,
    close,
    [Symbol.asyncDispose]: close,
  };
}
