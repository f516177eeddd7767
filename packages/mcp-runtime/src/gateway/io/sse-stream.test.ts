import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { openSse, type SseOptions, type SseStream } from './sse-stream.ts';

interface Bench extends AsyncDisposable {
  port: number;
  /** Streams that were opened. */
  opened: { stream: SseStream; response: ServerResponse }[];
}

async function bench(options?: SseOptions): Promise<Bench> {
  const opened: Bench['opened'] = [];
  const server = createServer((_request, response) => opened.push({ stream: openSse(response, options), response }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    opened,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function first(b: Bench): Promise<Bench['opened'][number]> {
  await until(() => b.opened.length > 0);
  const [opened] = b.opened;
  if (opened === undefined) throw new Error('not opened');
  return opened;
}

describe('an event stream', () => {
  test('frames its messages, with ids where they have some, and ends', async () => {
    await using b = await bench({ prime: { id: 'a_0', retryMs: 500 }, headers: { 'x-own': '1' } });
    const reading = fetch(`http://127.0.0.1:${b.port}/`);
    const { stream } = await first(b);
    stream.send('{"n":1}', 'a_1');
    stream.send('{"n":2}');
    stream.event('endpoint', '/here');
    stream.end();
    const response = await reading;
    expect([response.headers.get('content-type'), response.headers.get('x-own')]).toEqual(['text/event-stream', '1']);
    expect(await response.text()).toBe(
      'id: a_0\nretry: 500\ndata: \n\nid: a_1\nevent: message\ndata: {"n":1}\n\nevent: message\ndata: {"n":2}\n\nevent: endpoint\ndata: /here\n\n',
    );
    expect([stream.send('late'), stream.ended()]).toEqual([false, true]);
  });

  test('brings a single large message whole', async () => {
    await using b = await bench();
    const reading = fetch(`http://127.0.0.1:${b.port}/`).then((response) => response.text());
    const { stream } = await first(b);
    stream.send('x'.repeat(20_000_000));
    stream.end();
    expect((await reading).length).toBeGreaterThan(20_000_000);
  });

  test('that nobody reads is cut before it fills the hub', async () => {
    await using b = await bench();
    const socket = connect(b.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    socket.pause();
    socket.on('error', () => undefined);
    const { stream, response } = await first(b);
    let closed = false;
    stream.onClose(() => (closed = true));
    let sent = 0;
    while (sent < 100 && stream.send('x'.repeat(1_000_000))) sent++;
    expect(sent).toBeLessThan(40);
    expect(response.destroyed).toBe(true);
    await until(() => closed);
    socket.destroy();
  });

  test('tells of its end also who asks afterwards', async () => {
    await using b = await bench();
    const controller = new AbortController();
    void fetch(`http://127.0.0.1:${b.port}/`, { signal: controller.signal }).catch(() => undefined);
    const { stream } = await first(b);
    controller.abort();
    await until(() => stream.ended());
    let told = false;
    stream.onClose(() => (told = true));
    await until(() => told);
  });
});
