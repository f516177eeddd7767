import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve as serveHttp } from '../../packages/mcp-runtime/src/upstream/fixtures/http-server.ts';
import { type Field, type FieldServer, fieldServer, type Message, replyTo, startField } from './field.ts';

/** Servers, or the proxies before them, that code their answers, though nobody asked them to. */

const codings: Record<string, (data: Buffer) => Buffer> = {
  gzip: (data) => zlib.gzipSync(data),
  deflate: (data) => zlib.deflateSync(data),
  br: (data) => zlib.brotliCompressSync(data),
  zstd: (data) => zlib.zstdCompressSync(data),
  'gzip, br': (data) => zlib.brotliCompressSync(zlib.gzipSync(data)),
};

let field: Field;
const servers: FieldServer[] = [];

beforeAll(async () => {
  field = await startField();
});
afterAll(async () => {
  await field?.[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
});

async function serve(...args: Parameters<typeof fieldServer>): Promise<FieldServer> {
  const server = await fieldServer(...args);
  servers.push(server);
  return server;
}

describe.each(Object.entries(codings))('a server that codes with %s', (coding, pack) => {
  const name = coding.replace(/\W+/g, '-');

  test.each(['application/json', 'text/event-stream'])('starts and answers in %s', async (type) => {
    const server = await serve(({ message, response, plainly }) => {
      if (message.id === undefined) return plainly();
      const text = replyTo(message);
      response.writeHead(200, { 'content-type': type, 'content-encoding': coding });
      return response.end(pack(Buffer.from(type === 'application/json' ? text : `event: message\ndata: ${text}\n\n`)));
    });
    const id = `${name}-${type.slice(-4)}`;
    await field.add(id, server.url);
    for (const kind of ['v1-streamable', 'v2-modern'] as const) expect(await field.call(id, kind)).toBe('hi {"a":1}');
  });

  test('keeps what it says where it refuses', async () => {
    const error = { code: -32050, message: 'The plan has no such tool' };
    const server = await serve(({ message, response, plainly }) => {
      if (message.method !== 'tools/call') return plainly();
      response.writeHead(400, { 'content-type': 'application/json', 'content-encoding': coding });
      return response.end(pack(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: message.id, error }))));
    });
    await field.add(`${name}-refuses`, server.url);
    await expect(field.call(`${name}-refuses`)).rejects.toThrow('The plan has no such tool');
  });
});

test('a server of HTTP+SSE may code its stream', async () => {
  let stream: zlib.Gzip | null = null;
  const server = await serveHttp((request, response, body) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
      stream = zlib.createGzip();
      stream.pipe(response);
      stream.write('event: endpoint\ndata: /messages\n\n');
      return stream.flush();
    }
    response.writeHead(202).end();
    const message = JSON.parse(body) as Message;
    if (message.method === undefined || message.id === undefined) return undefined;
    stream?.write(`data: ${replyTo(message)}\n\n`);
    return stream?.flush();
  });
  await field.add('coded-sse', `${server.url}/sse`, { kind: 'sse', isolation: 'shared' });
  expect(await field.call('coded-sse', 'v2-modern')).toBe('hi {"a":1}');
  await server[Symbol.asyncDispose]();
});

test('a server whose coding nobody knows is told by its name, to people and in the log', async () => {
  const server = await serve(({ message, response, plainly }) => {
    if (message.id === undefined) return plainly();
    return response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'snappy' })
      .end(Buffer.from([0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]));
  });
  await expect(field.add('snappy', server.url)).rejects.toThrow('"snappy"');
  expect(await field.logs('snappy')).toContainEqual(
    expect.objectContaining({ level: 'error', message: expect.stringContaining('"snappy"') }),
  );
});

test('a server whose header of codings means something else is read as the text that it writes', async () => {
  const server = await serve(({ message, response, plainly }) => {
    if (message.id === undefined) return plainly();
    return response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'utf-8' })
      .end(replyTo(message));
  });
  await field.add('no-coding', server.url);
  expect(await field.call('no-coding')).toBe('hi {"a":1}');
});

test('a small answer that becomes a huge one fails its own call, and the next calls go on', async () => {
  const part = zlib.gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '));
  let bomb = true;
  const server = await serve(({ message, response, plainly }) => {
    if (message.method !== 'tools/call' || !bomb) return plainly();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    return response.end(Buffer.concat([part, part, part]));
  });
  await field.add('bomb', server.url);
  await expect(field.call('bomb')).rejects.toThrow(/when it is decoded|over the limit/);
  bomb = false;
  expect(await field.call('bomb')).toBe('hi {"a":1}');
});
