import { afterAll, describe, expect, it } from 'vitest';
import { eventStream, json, streamableServer } from '../fixtures/http-server.ts';
import { against, caught, closeClients, parse, reply, withServer } from './streamable-http.testing.ts';

afterAll(closeClients);

describe('the answer', () => {
  it('may be a batch', async () => {
    await using test = await against((_, response, body) =>
      json(response, [
        { jsonrpc: '2.0', method: 'notifications/message', params: {} },
        { jsonrpc: '2.0', id: parse(body).id, result: { last: true } },
      ]),
    );
    expect(await test.request('echo')).toMatchObject({ result: { last: true } });
    expect(test.seen.messages.map(({ related }) => related)).toEqual([1, 1]);
  });

  it('tells which request its notifications belong to', async () => {
    await using test = await withServer(await streamableServer({ events: true }));
    await test.request('notify', { step: 1 });
    expect(test.seen.messages[0]).toMatchObject({ related: 1, message: { method: 'notifications/progress' } });
  });

  it('ends its connection though the server never ends the stream', async () => {
    await using test = await against((_, response, body) => {
      eventStream(response)({ jsonrpc: '2.0', id: parse(body).id, result: {} });
    });
    await test.request('echo');
    expect(test.server.sockets.size).toBe(1);
    await expect.poll(() => test.server.sockets.size).toBe(0);
    expect(test.seen.lost).toEqual([]);
  });

  it('is not read beyond the limit', async () => {
    let written = 0;
    await using test = await against((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(256 * 1024, 'x');
      function more() {
        while (written < 50 * 1024 * 1024 && !response.destroyed) {
          written += chunk.length;
          if (response.write(chunk)) continue;
          response.once('drain', more);
          return;
        }
        response.end();
      }
      more();
    });
    expect(await caught(test.request('echo'))).toMatchObject({ code: 'too_large' });
    expect(written).toBeLessThan(20 * 1024 * 1024);
  });

  it('ends with its signal', async () => {
    await using test = await against((_, response) => void eventStream(response));
    const controller = new AbortController();
    void test.request('echo', {}, { signal: controller.signal }).catch(() => {});
    await expect.poll(() => test.server.sockets.size).toBe(1);
    controller.abort();
    await expect.poll(() => test.server.sockets.size).toBe(0);
    expect(test.seen.lost).toEqual([]);
    await expect(test.request('echo', {}, { signal: controller.signal })).rejects.toMatchObject({ code: 'closed' });
  });

  it('is given up before it begins with its signal', async () => {
    await using test = await against(() => {});
    const controller = new AbortController();
    const error = caught(test.request('echo', {}, { signal: controller.signal }));
    await expect.poll(() => test.server.requests.length).toBe(1);
    controller.abort();
    expect(await error).toMatchObject({ code: 'closed' });
  });
});

describe('a broken stream', () => {
  it('loses its request where it cannot be taken up again', async () => {
    await using test = await against((request, response) => {
      eventStream(response)({ jsonrpc: '2.0', method: 'notifications/progress' });
      setTimeout(() => request.socket.destroy(), 30);
    });
    expect(await caught(test.request('echo'))).toMatchObject({
      code: 'closed',
      message: expect.stringContaining('broke off'),
    });
  });

  it('is taken up again from the last event id, as often as needed, at the pace the server asks for', async () => {
    const times: number[] = [];
    let id: unknown;
    await using test = await against((request, response, body) => {
      times.push(performance.now());
      const from = request.headers['last-event-id'];
      const send = eventStream(response);
      if (request.method === 'POST') {
        id = parse(body).id;
        response.write('id: a1\nretry: 120\ndata: \n\n');
        send({ jsonrpc: '2.0', method: 'notifications/progress', params: { step: 1 } }, 'a2');
        response.write('data: {"jsonrpc":"2.0","id":1,"res');
        setTimeout(() => request.socket.destroy(), 20);
      } else if (from === 'a2') {
        send({ jsonrpc: '2.0', method: 'notifications/progress', params: { step: 2 } }, 'a3');
        response.end();
      } else {
        send({ jsonrpc: '2.0', id, result: { from } }, 'a4');
      }
    });
    expect(await test.request('echo')).toMatchObject({ result: { from: 'a3' } });
    expect(test.server.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
    expect(test.seen.messages.map(({ related }) => related)).toEqual([1, 1, 1]);
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThan(110);
    expect(third - second).toBeGreaterThan(110);
    expect(third - second).toBeLessThan(600);
    await expect.poll(() => test.server.sockets.size).toBeLessThanOrEqual(1);
  });

  it('is not asked for without a pause where the server names a time that no timer can wait', async () => {
    await using test = await against((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end(`id: 1\nretry: ${'9'.repeat(30)}\ndata: \n\n`);
    });
    void test.request('echo').catch(() => {});
    await expect.poll(() => test.server.requests.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(test.server.requests.map(({ method }) => method)).toEqual(['POST']);
  });

  it('loses its request where the server does not take it up again', async () => {
    await using test = await against((request, response) => {
      if (request.method === 'GET') return response.writeHead(405).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end('id: 1\nretry: 10\ndata: \n\n');
    });
    expect(await caught(test.request('echo'))).toMatchObject({
      code: 'closed',
      message: expect.stringContaining('could not be taken up again'),
    });
  });
});

describe('the stream for the server’s own messages', () => {
  it('is opened once agreed, and again with the last event id after it broke', async () => {
    let streams = 0;
    await using test = await against((request, response, body) => {
      if (request.method === 'POST') return reply(response.setHeader('mcp-session-id', 's'), body);
      if (request.method !== 'GET') return response.end();
      streams += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`retry: 50\nid: e${streams}\ndata: {"jsonrpc":"2.0","method":"notifications/${streams}"}\n\n`);
      if (streams < 3) setTimeout(() => request.socket.destroy(), 20);
    });
    await test.request('initialize');
    test.link.negotiated({ protocolVersion: '2025-11-25', listen: true });
    test.link.negotiated({ protocolVersion: '2025-11-25', listen: true });
    await test.until(({ messages }) => messages.length === 4);
    const gets = test.server.requests.filter(({ method }) => method === 'GET');
    expect(gets.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'e1', 'e2']);
    expect(gets[0]?.headers).toMatchObject({
      'mcp-session-id': 's',
      'mcp-protocol-version': '2025-11-25',
      accept: 'text/event-stream',
    });
    expect(test.seen.messages.at(-1)?.related).toBeNull();
  });

  it('is done without where the server has none', async () => {
    await using test = await withServer(await streamableServer({ events: false }));
    await test.request('initialize');
    test.link.negotiated({ protocolVersion: '2025-06-18', listen: true });
    await test.until(({ logs }) => logs.length > 0);
    expect(test.seen.logs[0]).toMatchObject({ level: 'debug', text: expect.stringContaining('no stream') });
    expect(await test.request('echo', { ok: 1 })).toMatchObject({ result: { ok: 1 } });
  });

  it('is done without where the server knows no GET and calls it not found', async () => {
    await using test = await against((request, response, body) => {
      if (request.method === 'POST') return reply(response.setHeader('mcp-session-id', 's'), body);
      return response.writeHead(404).end();
    });
    await test.request('initialize');
    test.link.negotiated({ protocolVersion: '2025-06-18', listen: true });
    await test.until(({ logs }) => logs.length > 0);
    expect(await test.request('echo', { ok: 1 })).toHaveProperty('result');
    expect(test.seen.closed).toEqual([]);
  });

  it('that answers a request, and whose session is gone, is no reason to send the request again', async () => {
    await using test = await against((request, response, body) => {
      if (request.method !== 'POST') return response.writeHead(404).end();
      if (parse(body).method === 'initialize') return reply(response.setHeader('mcp-session-id', 's'), body);
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 10\nid: 1\ndata: \n\n');
    });
    await test.request('initialize');
    expect(await caught(test.request('echo'))).toMatchObject({ code: 'closed' });
    await test.until(({ closed }) => closed.length > 0);
    expect(test.seen.closed).toMatchObject([{ code: 'session_lost' }]);
  });

  it('ends the link when it was there and its session is gone', async () => {
    let streams = 0;
    await using test = await against((request, response, body) => {
      if (request.method === 'POST') return reply(response.setHeader('mcp-session-id', 's'), body);
      if (++streams > 1) return response.writeHead(404).end();
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 10\ndata: \n\n');
    });
    await test.request('initialize');
    test.link.negotiated({ protocolVersion: '2025-06-18', listen: true });
    await test.until(({ closed }) => closed.length > 0);
    expect(test.seen.closed).toMatchObject([{ code: 'session_lost' }]);
  });
});
