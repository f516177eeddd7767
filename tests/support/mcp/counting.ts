import type { IncomingMessage } from 'node:http';
import { politeAnswer, result, textResult, type Incoming } from './fault-script.ts';
import { listen } from './node-web.ts';
import type { Json } from './script-types.ts';

/** A server that outlives the hubs which call it, and counts their calls. */
export interface CountingServer extends AsyncDisposable {
  readonly url: string;
  /** How often the tool was called. */
  calls(tool: string): number;
  /** How many calls their client cancelled. */
  cancelled(): number;
  /** From now on calls of the tool wait until they are let go; gives the function that does. */
  hold(tool: string): () => void;
  /** What becomes of the answers of the tool's next calls, one after the other; they are called and counted all the same. */
  lose(tool: string, ...how: Loss[]): void;
}

/** The connection ends; a gateway before the server says 502; the server answers that the tool, or the call, failed. */
export type Loss = 'cut' | '502' | 'tool_error' | 'error';

const hints: Readonly<Record<string, Json>> = {
  look: { readOnlyHint: true },
  put: { readOnlyHint: false, idempotentHint: true },
  send: { readOnlyHint: false },
};

const badGateway: Json = {};

async function read(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Incoming;
}

/** Has the tools `look` (reads), `put` (may be called twice) and `send` (may not); each says its name and how often it was called. */
export async function startCounting(): Promise<CountingServer> {
  const counts = new Map<string, number>();
  const held = new Map<string, Promise<void>>();
  let cancelled = 0;
  const losses = new Map<string, Loss[]>();

  async function called(tool: string): Promise<Json> {
    const count = (counts.get(tool) ?? 0) + 1;
    counts.set(tool, count);
    await held.get(tool);
    return textResult(`${tool} ${count}`);
  }
  async function answer(message: Incoming): Promise<Json | null> {
    const { id, method, params } = message;
    if (method === 'notifications/cancelled') cancelled += 1;
    if (method === 'tools/list') {
      const tools = Object.entries(hints).map(([name, annotations]) => ({
        name,
        description: name,
        inputSchema: { type: 'object' },
        annotations,
      }));
      return result(id, { tools });
    }
    if (method !== 'tools/call') return politeAnswer(message);
    const tool = String(params?.['name']);
    const answered = await called(tool);
    switch (losses.get(tool)?.shift()) {
      case 'cut':
        throw new Error('The connection ends.');
      case '502':
        return badGateway;
      case 'tool_error':
        return result(id, { ...answered, isError: true });
      case 'error':
        return { jsonrpc: '2.0', id, error: { code: -32603, message: 'Internal error' } };
      case undefined:
        return result(id, answered);
    }
  }
  const { origin, close } = await listen((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    read(request)
      .then(answer)
      .then((json) => {
        if (json === null) response.writeHead(202).end();
        else if (json === badGateway) response.writeHead(502, { 'content-type': 'text/html' }).end('Bad gateway');
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      })
      .catch(() => response.destroy());
  });
  return {
    url: `${origin}/mcp`,
    calls: (tool) => counts.get(tool) ?? 0,
    cancelled: () => cancelled,
    hold(tool) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(tool, promise);
      return () => {
        held.delete(tool);
        resolve();
      };
    },
    lose: (tool, ...how) => void losses.set(tool, how),
    [Symbol.asyncDispose]: close,
  };
}
