import { randomUUID } from 'node:crypto';
import {
  isInitializeRequest,
  isLegacyRequest,
  type McpHttpHandler,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { createEventStore } from './event-store.ts';

export interface EraHandler {
  fetch(request: Request): Promise<Response>;
  sessions(): number;
  close(): Promise<void>;
}

export interface EraOptions {
  /** Answers 2026 exchanges; undefined where the server speaks 2025 only. */
  modern: McpHttpHandler | undefined;
  /** Makes the server of a new 2025 session; undefined where the server speaks 2026 only. */
  legacy: (() => Server) | undefined;
  /** Told when a 2025 session has ended. */
  forget(server: Server): void;
}

function problem(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status });
}

/** One URL for both eras: sessions with resumable streams for 2025, single exchanges for 2026. */
export function serveEras({ modern, legacy, forget }: EraOptions): EraHandler {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  async function openSession(create: () => Server): Promise<WebStandardStreamableHTTPServerTransport> {
    const server = create();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      eventStore: createEventStore(),
      retryInterval: 200,
    });
    await server.connect(transport);
    server.onclose = () => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
      forget(server);
    };
    return transport;
  }

  async function serveLegacy(request: Request, create: () => Server): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id !== null) {
      return sessions.get(id)?.handleRequest(request) ?? problem(404, -32001, `Session ${id} is not known here`);
    }
    const copy = request.clone();
    const body: unknown = request.method === 'POST' ? await copy.json().catch(() => null) : null;
    if (!isInitializeRequest(body)) return problem(400, -32000, 'Send initialize first, then name the session');
    return (await openSession(create)).handleRequest(request);
  }

  return {
    fetch: async (request) => {
      if (modern === undefined) return legacy ? serveLegacy(request, legacy) : problem(404, -32601, 'Serves nothing');
      if (legacy === undefined) return modern.fetch(request);
      return (await isLegacyRequest(request)) ? serveLegacy(request, legacy) : modern.fetch(request);
    },
    sessions: () => sessions.size,
    close: async () => {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      await modern?.close();
    },
  };
}
