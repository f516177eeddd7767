import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { cutUnread } from './unread.ts';

const big = 'x'.repeat(20 * 1024 ** 2);

let server: Server | undefined;
let client: Socket | undefined;
afterEach(() => {
  client?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** A client that has asked and reads nothing yet, and the connection as the server has it. */
async function ask(patienceMs: number, answer: RequestListener): Promise<{ asking: Socket; serving: Socket }> {
  server = createServer(answer);
  cutUnread(server, { patienceMs, lookEveryMs: 50 });
  const connected = new Promise<Socket>((resolve) => server?.once('connection', resolve));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.pause();
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nhost: hub\r\n\r\n');
  return { asking: client, serving: await connected };
}

test('a connection is cut whose client reads nothing of its answer', async () => {
  const { serving } = await ask(300, (_, response) => response.end(big));
  await expect.poll(() => serving.destroyed, { timeout: 90_000 }).toBe(true);
});

test('a client that reads slowly gets everything, and may then wait for more', { timeout: 600_000 }, async () => {
  const patienceMs = 2000;
  const { asking } = await ask(patienceMs, (_, response) => {
    response.write(big, () => setTimeout(() => response.end('the last words'), 2 * patienceMs));
  });
  let size = 0;
  let end = '';
  const began = performance.now();
  asking.on('data', (chunk: Buffer) => {
    size += chunk.length;
    end = `${end}${chunk.toString('latin1')}`.slice(-100);
    asking.pause();
    setTimeout(() => asking.resume(), 10);
  });
  asking.resume();
  await expect.poll(() => size, { timeout: 400_000 }).toBeGreaterThan(big.length);
  expect(performance.now() - began).toBeGreaterThan(patienceMs);
  await expect.poll(() => end, { timeout: 90_000 }).toContain('the last words');
});
