import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createModel } from '@switchboard/core/models';
import { createTestApp } from '../../support/app.ts';

/** More than the sockets on the way hold, and less than the hub reads of one answer. */
const wholeBytes = 56 * 1024 ** 2;
const heldBytes = 40 * 1024 ** 2;
const content = 'x'.repeat(32 * 1024);
const event = `data: ${JSON.stringify({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
})}\n\n`;

/** Sends as much as it is let. */
async function startFlood() {
  const sent = { bytes: 0, left: Promise.withResolvers<void>() };
  const server = createServer((req, res) => {
    res.once('close', () => sent.left.resolve());
    async function flood() {
      for await (const _ of req);
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      while (sent.bytes < wholeBytes && !res.destroyed) {
        sent.bytes += event.length;
        if (!res.write(event)) await Promise.race([new Promise((on) => void res.once('drain', on)), sent.left.promise]);
      }
    }
    flood().catch(() => res.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    sent,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** The number when it has stopped growing. */
async function settled(read: () => number): Promise<number> {
  for (let before = -1; ; before = read()) {
    await sleep(1000);
    if (read() === before) return before;
  }
}

test('a client that does not read holds the provider, and one that leaves ends its request', async () => {
  await using flood = await startFlood();
  await using app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  await createModel(app.core.ctxFor({ type: 'system', job: 'test' }), { name: 'flood', baseUrl: flood.url });
  const asked = request(`${app.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.token}`, 'content-type': 'application/json' },
  });
  asked.end(JSON.stringify({ model: 'flood', stream: true, messages: [{ role: 'user', content: 'Go' }] }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  // Nobody reads it.
  expect(await settled(() => flood.sent.bytes)).toBeLessThan(heldBytes);
  response.destroy();
  await flood.sent.left.promise;
});
