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
}

const hints: Readonly<Record<string, Json>> = {
  look: { readOnlyHint: true },
  put: { readOnlyHint: false, idempotentHint: true },
  send: { readOnlyHint: false },
};

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
    return method === 'tools/call' ? result(id, await called(String(params?.['name']))) : politeAnswer(message);
  }
  const { origin, close } = await listen((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    read(request)
      .then(answer)
      .then((json) => {
        if (json === null) response.writeHead(202).end();
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
    [Symbol.asyncDispose]: close,
  };
}
