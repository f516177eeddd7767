import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../types.ts';
import { anthropicWire } from './anthropic-wire.ts';
import { openaiWire } from './openai-wire.ts';
import type { RecordedRequest, Reply, ScriptedProvider } from './script.ts';
import type { Wire } from './wire.ts';

export { createTestClock, type TestClock } from './clock.ts';
export type * from './script.ts';

type Answer = (request: RecordedRequest) => Reply | Promise<Reply>;

/** Starts a provider on a free port of this machine. */
export async function startProvider(): Promise<ScriptedProvider> {
  const requests: RecordedRequest[] = [];
  const scripts: Reply[] = [];
  let answer: Answer = () => ({});
  const server = createServer((req, res) => {
    serve(req, res).catch(() => res.destroy());
  });

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request = await record(req, res);
    requests.push(request);
    const { pathname } = new URL(request.path, 'http://provider');
    if (request.method === 'GET' && pathname.endsWith('/models')) return list(provider.models, res);
    const wire = wireOf(pathname);
    if (request.method !== 'POST' || wire === null) {
      res.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"There is no such path."}}');
      return;
    }
    await send(scripts.shift() ?? (await answer(request)), request, res, wire);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: ScriptedProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    models: ['scripted'],
    script: (...replies) => void scripts.push(...replies),
    always: (given) => {
      answer = given;
    },
    forget() {
      requests.length = 0;
      scripts.length = 0;
      answer = () => ({});
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  return provider;
}

function wireOf(path: string): Wire | null {
  if (path.endsWith('/chat/completions')) return openaiWire;
  return path.endsWith('/messages') ? anthropicWire : null;
}

async function record(req: IncomingMessage, res: ServerResponse): Promise<RecordedRequest> {
  const { promise: ended, resolve } = Promise.withResolvers<'whole' | 'left'>();
  res.once('close', () => resolve(res.writableFinished ? 'whole' : 'left'));
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    method: req.method ?? '',
    path: req.url ?? '',
    headers: Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)])),
    taken: () => req.socket.bytesWritten,
    body: text === '' ? null : (JSON.parse(text) as JsonObject),
    ended,
  };
}

function list(models: readonly string[], res: ServerResponse): void {
  const data = models.map((id) => ({ id, object: 'model', created: 1_700_000_000, owned_by: 'scripted' }));
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
}

async function send(reply: Reply, request: RecordedRequest, res: ServerResponse, wire: Wire): Promise<void> {
  await reply.hold;
  const { status = 200, retryAfter, body, raw } = reply;
  const streamed = request.body?.['stream'] === true;
  const head: Record<string, string> = {
    ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
    ...reply.headers,
  };
  if (body !== undefined || status >= 300) {
    const json = typeof body === 'string' ? body : JSON.stringify(body ?? wire.error(status));
    res.writeHead(status, { 'content-type': 'application/json', ...head }).end(json);
    return;
  }
  if (raw === undefined && !streamed) {
    const whole = JSON.stringify(wire.whole(reply, request.body ?? {}));
    res.writeHead(status, { 'content-type': 'application/json', ...head }).end(whole);
    return;
  }
  res.writeHead(status, { 'content-type': 'text/event-stream; charset=utf-8', ...head });
  res.flushHeaders();
  await reply.holdEvents;
  if (raw === undefined) await stream(reply, request.body ?? {}, res, wire);
  else res.end(head['content-encoding'] === 'gzip' ? gzipSync(raw) : raw);
}

/** Writes the events one by one, with the fault that is asked for. */
async function stream(reply: Reply, asked: JsonObject, res: ServerResponse, wire: Wire): Promise<void> {
  let sent = 0;
  for (const event of eventsOf(reply, asked, wire)) {
    if (sent === reply.malformedAfter) res.write('data: {"id": "half\n\n');
    if (sent === reply.errorAfter) {
      res.end(wire.errorEvent());
      return;
    }
    if (sent === reply.cutAfter) {
      res.end();
      return;
    }
    if (sent === reply.breakAfter) {
      res.write(event.slice(0, event.length / 2));
      await turnOfLoop();
      res.destroy();
      return;
    }
    if (sent === reply.stallAfter) return;
    if (!res.write(event)) await Promise.race([once(res, 'drain'), once(res, 'close')]);
    // Pieces arrive one by one, as those of a model do.
    await turnOfLoop();
    if (res.destroyed) return;
    sent += 1;
  }
  res.end();
}

function* eventsOf(reply: Reply, asked: JsonObject, wire: Wire): Generator<string> {
  const { start, text, end } = wire.events(reply, asked);
  yield* start;
  yield* text;
  if (reply.endless === true) for (;;) yield* text;
  yield* end;
}
