import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Nested lists, as text: no writer of JSON can make them. */
function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

function reply(id: unknown, rest: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${rest}}`;
}
function notification(method: string, params: string): string {
  return `{"jsonrpc":"2.0","method":${method},"params":${params}}`;
}

/** Malformed replies, by name. */
export const badReplies: Readonly<Record<string, (id: unknown) => string>> = {
  'only-error-null': (id) => reply(id, '"error":null'),
  'result-text': (id) => reply(id, '"result":"tools"'),
  'result-list': (id) => reply(id, '"result":[1]'),
  'error-text': (id) => reply(id, '"error":"broken"'),
  'error-without-code': (id) => reply(id, '"error":{"message":"broken"}'),
  nothing: (id) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)}}`,
  'deep-result': (id) => reply(id, `"result":{"tools":${nested(8000)}}`),
  'deep-error': (id) => reply(id, `"error":{"code":1,"message":"x","data":${nested(8000)}}`),
  'in-a-batch': (id) => `[${reply(id, '"error":null')},${reply(id, '"error":null')}]`,
};

/** Malformed messages that answer nothing, by name. */
export const badAsides: Readonly<Record<string, string>> = {
  'method-number': notification('5', '{}'),
  'method-null': notification('null', '{}'),
  'method-object': notification('{}', '{}'),
  'method-long': notification(JSON.stringify('x'.repeat(100_000)), '{}'),
  'params-text': notification('"notifications/message"', '"text"'),
  'deep-notification': notification('"notifications/message"', `{"level":"info","data":${nested(8000)}}`),
  'deep-unknown': notification('"vendor/deep"', `{"data":${nested(8000)}}`),
  'question-id-object': '{"jsonrpc":"2.0","id":{},"method":"roots/list"}',
  'deep-question': `{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{"a":${nested(8000)}}}`,
  'deep-batch': `[${notification('"vendor/deep"', `{"data":${nested(8000)}}`)}]`,
};

interface Asked {
  id?: unknown;
  method?: string;
  params?: { protocolVersion?: string };
}

/** The lines by which a server with this fault answers a message: its list is where it goes wrong. */
export function answerOf(fault: string, { id, method, params }: Asked): string[] {
  if (id === undefined || method === undefined) return [];
  const serverInfo = { name: fault, version: '1' };
  const protocolVersion = params?.protocolVersion ?? '2025-11-25';
  const hello = { protocolVersion, capabilities: { tools: {} }, serverInfo };
  if (method === 'initialize') return [reply(id, `"result":${JSON.stringify(hello)}`)];
  if (method !== 'tools/list') return [reply(id, '"error":{"code":-32601,"message":"no such method"}')];
  const bad = badReplies[fault];
  if (bad !== undefined) return [bad(id)];
  const tools = JSON.stringify([{ name: 'echo', inputSchema: { type: 'object' } }]);
  // Beside a good result an absent error means nothing.
  return [badAsides[fault] ?? '', reply(id, `"result":{"tools":${tools}},"error":null`)].filter((line) => line !== '');
}

async function bodyOf(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked;
}

/** The same over streamable HTTP, its answers JSON or events. */
export async function startMalformedHttp(fault: string, as: 'json' | 'events') {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const lines = answerOf(fault, await bodyOf(request));
    if (lines.length === 0) return response.writeHead(202).end();
    if (as === 'json') {
      const text = lines.length === 1 ? (lines[0] ?? '') : `[${lines.join(',')}]`;
      return response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    return response.end(lines.map((line) => `data: ${line}\n\n`).join(''));
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
