import zlib from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { json } from '../fixtures/http-server.ts';
import { against, caught, closeClients, parse } from './streamable-http.testing.ts';
import { messageLimit } from './testing.ts';

afterAll(closeClients);

const codings: Record<string, (data: Buffer) => Buffer> = {
  gzip: (data) => zlib.gzipSync(data),
  'x-gzip': (data) => zlib.gzipSync(data),
  deflate: (data) => zlib.deflateSync(data),
  'deflate, bare': (data) => zlib.deflateRawSync(data),
  br: (data) => zlib.brotliCompressSync(data),
  zstd: (data) => zlib.zstdCompressSync(data),
  'gzip, br': (data) => zlib.brotliCompressSync(zlib.gzipSync(data)),
  'identity, GZIP': (data) => zlib.gzipSync(data),
  'deflate,gzip,zstd': (data) => zlib.zstdCompressSync(zlib.gzipSync(zlib.deflateSync(data))),
};
function named(coding: string): string {
  return coding.replace(', bare', '');
}

function replyTo(body: string, result: object = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id: parse(body).id, result });
}

describe.each(Object.entries(codings))('answers with %s', (coding, pack) => {
  it('are read as JSON, also in single bytes', async () => {
    await using test = await against(async (_, response, body) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': named(coding) });
      for (const byte of pack(Buffer.from(replyTo(body, { text: 'héllo ✓' })))) response.write(Buffer.of(byte));
      response.end();
    });
    expect(await test.request('echo')).toMatchObject({ result: { text: 'héllo ✓' } });
  });

  it('are read as events', async () => {
    await using test = await against((_, response, body) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': named(coding) });
      response.end(pack(Buffer.from(`event: message\ndata: ${replyTo(body, { text: 'x'.repeat(300_000) })}\n\n`)));
    });
    expect(await test.request('echo')).toMatchObject({ result: { text: 'x'.repeat(300_000) } });
  });

  it('keep their JSON-RPC error where they are refusals', async () => {
    const error = { code: -32602, message: 'No such tool' };
    await using test = await against((_, response, body) => {
      response.writeHead(400, { 'content-type': 'application/json', 'content-encoding': named(coding) });
      response.end(pack(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: parse(body).id, error }))));
    });
    expect(await test.request('echo')).toMatchObject({ error });
  });
});

it.each([
  ['gzip', () => zlib.createGzip()],
  ['br', () => zlib.createBrotliCompress()],
  ['zstd', () => zlib.createZstdCompress()],
] as const)('events of a %s stream are told while it is open', async (coding, create) => {
  await using test = await against((_, response, body) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding });
    const packed = create();
    packed.pipe(response);
    packed.write(`data: ${replyTo(body, { open: true })}\n\n`);
    packed.flush();
  });
  expect(await test.request('echo')).toMatchObject({ result: { open: true } });
});

describe('a coding that is not read', () => {
  function coded(coding: string, status: number, text = '\u0000x') {
    return against((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': coding }).end(text);
    });
  }

  it.each([
    ['compress', 'the content coding "compress", which the hub does not read'],
    ['gzip, dcb', 'the content coding "dcb"'],
    ['constructor', 'the content coding "constructor"'],
    [Array.from({ length: 50 }, () => 'gzip').join(), '50 content codings'],
  ])('(%s) is named', async (coding, message) => {
    await using test = await coded(coding, 200);
    expect(await caught(test.request('echo'))).toMatchObject({
      code: 'protocol',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['compress', 401, 'unauthorized'],
    ['gzip', 500, 'http'],
  ])('(%s) leaves a refusal with HTTP %i what it is', async (coding, status, code) => {
    await using test = await coded(coding, status, 'not coded at all');
    expect(await caught(test.request('echo'))).toMatchObject({ code, status });
  });

  it.each(['utf-8', 'none', 'aws-chunked'])('(%s) is no coding where what comes is text', async (coding) => {
    await using test = await against((_, response, body) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding }).end(replyTo(body));
    });
    expect(await test.request('echo')).toMatchObject({ result: {} });
  });

  it('matters to no answer that has nothing to read', async () => {
    await using test = await coded('compress', 202, '');
    await test.link.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  });

  it('is told from bytes that are not what they say', async () => {
    await using test = await coded('gzip', 200, '{"jsonrpc":"2.0"}');
    expect(await caught(test.request('echo'))).toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('not the gzip it says'),
    });
  });
});

describe('a small answer that becomes a large one', () => {
  /** 400 MB of one byte, coded with less than a megabyte. */
  function bomb(coding: 'gzip' | 'br' | 'zstd', byte: string): Buffer {
    const part = Buffer.alloc(100 * 1024 * 1024, byte);
    if (coding === 'gzip') return Buffer.concat(Array.from({ length: 4 }, () => zlib.gzipSync(part)));
    if (coding === 'zstd') return Buffer.concat(Array.from({ length: 4 }, () => zlib.zstdCompressSync(part)));
    return zlib.brotliCompressSync(part, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } });
  }

  it.each([
    ['gzip', 'application/json', ' '],
    ['br', 'application/json', ' '],
    ['zstd', 'application/json', ' '],
    ['gzip', 'text/event-stream', 'x'],
    ['zstd', 'text/event-stream', '\n'],
  ] as const)('(%s, %s) fails its own request alone, in constant memory', async (coding, type, byte) => {
    const packed = bomb(coding, byte);
    await using test = await against((_, response, body) => {
      if (parse(body).method !== 'bomb') return json(response, { jsonrpc: '2.0', id: parse(body).id, result: {} });
      return response.writeHead(200, { 'content-type': type, 'content-encoding': coding }).end(packed);
    });
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const failed = caught(test.request('bomb'));
    expect(await test.request('echo')).toMatchObject({ result: {} });
    expect(await failed).toMatchObject({ code: 'too_large' });
    clearInterval(watch);
    expect(most).toBeLessThan(60 * messageLimit);
    expect(await test.request('echo')).toMatchObject({ result: {} });
  });
});
