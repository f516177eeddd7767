import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventStream, serve, type TestServer } from '../../packages/mcp-runtime/src/upstream/fixtures/http-server.ts';
import { until } from '../support/until.ts';
import {
  type Exchange,
  type Field,
  type FieldServer,
  fieldServer,
  type Message,
  replyTo,
  startField,
} from './field.ts';

/** Servers that lose their sessions, in each shape in which they say so; and those that only sound like it. */

let field: Field;
const servers: FieldServer[] = [];
const others: TestServer[] = [];

beforeAll(async () => {
  field = await startField();
});
afterAll(async () => {
  await field?.[Symbol.asyncDispose]();
  for (const server of [...servers, ...others]) await server[Symbol.asyncDispose]();
});

type Refuse = (exchange: Exchange) => void;

function refusal(status: number, type: string, body: string): Refuse {
  return ({ message, response }) =>
    void response
      .writeHead(status, { 'content-type': type })
      .end(body.replaceAll('$id', JSON.stringify(message.id ?? null)));
}
function error(code: number, message: string, id = '"server-error"'): string {
  return `{"jsonrpc":"2.0","id":${id},"error":{"code":${code},"message":"${message}"}}`;
}

const jsonType = 'application/json';
const says = 'Bad Request: No valid session ID provided';

interface Sessions extends FieldServer {
  /** As a restart of the server does. */
  forget(): void;
  /** Calls of the tool that were carried out. */
  done(): number;
}

/** A server with sessions that says `refuse` to whatever comes in one that it does not know. */
async function withSessions(refuse: Refuse, call: Refuse = ({ plainly }) => plainly()): Promise<Sessions> {
  let known = new Set<string>();
  let made = 0;
  let done = 0;
  const server = await fieldServer((exchange) => {
    const { message, request, response, plainly } = exchange;
    if (message.method === 'initialize') {
      const session = `s${++made}`;
      known.add(session);
      response.setHeader('mcp-session-id', session);
    } else if (!known.has(String(request.headers['mcp-session-id']))) {
      return refuse(exchange);
    }
    if (message.method !== 'tools/call') return plainly();
    done += 1;
    return call(exchange);
  });
  servers.push(server);
  return { ...server, forget: () => void (known = new Set()), done: () => done };
}

const lost: Record<string, Refuse> = {
  '404 as JSON': refusal(404, jsonType, '{"detail":"no"}'),
  '404 as a page': refusal(404, 'text/html', '<h1>Not found</h1>'),
  '404 with the error that the specification shows': refusal(404, jsonType, error(-32001, 'Session not found', '$id')),
  '400 with -32000': refusal(400, jsonType, error(-32000, says)),
  '400 with -32600': refusal(400, jsonType, error(-32600, says)),
  '400 with -32600 for the request': refusal(400, jsonType, error(-32600, says, '$id')),
  '400 with a code of its own': refusal(400, jsonType, error(-31337, 'Server not initialized', '$id')),
  '400 as text': refusal(400, 'text/plain', says),
  '400 in another language': refusal(400, 'text/plain', '会话不存在'),
  '400 without a word': refusal(400, 'text/plain', ''),
  '409 as JSON': refusal(409, jsonType, '{"error":"unknown session"}'),
  '410 without a word': refusal(410, 'text/plain', ''),
  '200 with a code of its own': refusal(200, jsonType, error(404, 'Session not found', '$id')),
  '200 with -32001': refusal(200, jsonType, error(-32001, 'Session not found', '$id')),
  '200 with -32000 and no id': refusal(200, jsonType, error(-32000, 'Session expired', 'null')),
  '200 with -32001 in an event': refusal(
    200,
    'text/event-stream',
    `data: ${error(-32001, 'Session terminated', '$id')}\n\n`,
  ),
};

describe.each(Object.entries(lost))('a server that forgot its sessions and says %s', (way, refuse) => {
  const id = `lost-${Object.keys(lost).indexOf(way)}`;

  test.each(['session', 'shared'] as const)(
    'is spoken to in a new one, each call done once (%s)',
    async (isolation) => {
      const server = await withSessions(refuse);
      await field.add(`${id}-${isolation}`, server.url, { isolation });
      await using client = await field.client(`${id}-${isolation}`);
      await client.call('good');
      server.forget();
      expect(await client.call('good')).toMatchObject({ content: [{ type: 'text' }] });
      expect(await client.call('good')).toMatchObject({ content: [{ type: 'text' }] });
      expect(server.done()).toBe(3);
      const { status } = await field.app.client().servers.get.query({ id: `${id}-${isolation}` });
      expect(status.health).toBe('healthy');
    },
  );
});

describe('a server that says 5xx of a session it forgot', () => {
  test.each([500, 503])(
    '(%i) may have carried the call out: it is told so, and the next call goes on',
    async (status) => {
      const server = await withSessions(refusal(status, 'text/plain', 'KeyError: unknown session'));
      await field.add(`lost-${status}`, server.url);
      await using client = await field.client(`lost-${status}`);
      await client.call('good');
      server.forget();
      await expect(client.call('good')).rejects.toThrow(/no longer knows the session, and may have carried out/);
      expect(await client.call('good')).toMatchObject({ content: [{ type: 'text' }] });
      expect(server.done()).toBe(2);
    },
  );

  test('is asked again for what changes nothing', async () => {
    const server = await withSessions(refusal(500, 'text/plain', 'KeyError: unknown session'));
    await field.add('lost-500-read', server.url, { isolation: 'shared' });
    await using client = await field.client('lost-500-read');
    await client.call('good');
    server.forget();
    expect(await client.request('prompts/get', { name: 'p' })).toMatchObject({ messages: [] });
    expect(server.count('prompts/get')).toBe(2);
  });
});

describe('a server of HTTP+SSE that lost its stream and says', () => {
  test.each([
    [404, 'Could not find session'],
    [400, 'No transport found for sessionId'],
    [403, 'invalid session'],
    [410, 'gone'],
  ])('%i is spoken to on a new one, each call done once', async (status, said) => {
    let streams = new Map<string, (data: unknown) => void>();
    let done = 0;
    const server = await serve((request, response, body) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      if (request.method === 'GET') {
        const stream = `${streams.size + done}`;
        streams.set(stream, eventStream(response));
        return response.write(`event: endpoint\ndata: /messages?stream=${stream}\n\n`);
      }
      const send = streams.get(searchParams.get('stream') ?? '');
      if (send === undefined) return response.writeHead(status).end(said);
      response.writeHead(202).end();
      const message = JSON.parse(body) as Message;
      if (message.method === 'tools/call') done += 1;
      return message.method === undefined || message.id === undefined ? undefined : send(replyTo(message));
    });
    others.push(server);
    const id = `stream-${status}`;
    await field.add(id, `${server.url}/sse`, { kind: 'sse', isolation: 'shared' });
    await using client = await field.client(id);
    await client.call('good');
    streams = new Map();
    for (let call = 0; call < 2; call += 1) {
      expect(await client.call('good')).toMatchObject({ content: [{ type: 'text' }] });
    }
    expect(done).toBe(3);
  });
});

describe('calls under way when the session is lost', () => {
  test('are done once each: those that are refused again, those that began not', async () => {
    const waiting: (() => void)[] = [];
    const server = await withSessions(refusal(404, 'text/plain', 'gone'), (exchange) => {
      const given = exchange.message.params?.['arguments'] as { wait?: boolean } | undefined;
      if (given?.wait === true) waiting.push(exchange.plainly);
      else exchange.plainly();
    });
    await field.add('under-way', server.url, { isolation: 'shared' });
    await using client = await field.client('under-way');
    const begun = client.call('good', { wait: true });
    await until(() => waiting.length === 1, 'the call has begun');
    server.forget();
    const others = Array.from({ length: 5 }, () => client.call('good'));
    await Promise.all(others);
    for (const answer of waiting) answer();
    expect(await begun).toMatchObject({ content: [{ type: 'text' }] });
    expect(server.done()).toBe(6);
  });
});

describe('a refusal of one call that sounds like a lost session', () => {
  test.each([
    ['400 without a word', refusal(400, 'text/plain', '')],
    ['400 about another session', refusal(400, jsonType, '{"error":"browser session 7 is closed"}')],
    ['404 for the request', refusal(404, jsonType, error(-32602, 'no such tool', '$id'))],
    ['500 about another session', refusal(500, 'text/plain', 'database session expired')],
    ['200 about another session', refusal(200, jsonType, error(-32000, 'Browser session not found', '$id'))],
  ])('(%s) is told to its caller, and the session stays', async (way, refuse) => {
    const id = `honest-${way.replace(/\W+/g, '-').slice(0, 20)}`;
    const server = await withSessions(refusal(404, 'text/plain', 'gone'), refuse);
    await field.add(id, server.url, { isolation: 'shared' });
    await using client = await field.client(id);
    await expect(client.call('good')).rejects.toThrow();
    const sessions = server.count('initialize');
    for (let call = 0; call < 2; call += 1) await expect(client.call('good')).rejects.toThrow();
    expect(server.count('initialize')).toBe(sessions);
    expect(server.done()).toBe(3);
    expect(server.count('ping')).toBeLessThanOrEqual(3);
  });

  test('of a server that refuses pings too is no end of session after session', async () => {
    const deaf = await fieldServer((exchange) => {
      const { message, response, plainly } = exchange;
      if (message.method === 'initialize') response.setHeader('mcp-session-id', 'the-same');
      if (message.method === 'ping' || message.method === 'tools/call') return response.writeHead(400).end();
      return plainly();
    });
    servers.push(deaf);
    await field.add('deaf', deaf.url, { isolation: 'shared' });
    await using client = await field.client('deaf');
    await client.request('prompts/get', { name: 'p' });
    const sessions = deaf.count('initialize');
    for (let call = 0; call < 5; call += 1) await expect(client.call('good')).rejects.toThrow(/HTTP 400/);
    expect(deaf.count('initialize')).toBe(sessions + 1);
    expect(deaf.count('tools/call')).toBe(6);
  });
});

test('a server that forgets every session is tried twice for each call, not for ever', async () => {
  const server = await withSessions(refusal(404, 'text/plain', 'gone'), ({ response }) => {
    response.writeHead(404).end('gone');
  });
  await field.add('forgetful', server.url);
  await using client = await field.client('forgetful');
  await expect(client.call('good')).rejects.toThrow('no longer knows the session');
  expect(server.count('tools/call')).toBe(2);
});
