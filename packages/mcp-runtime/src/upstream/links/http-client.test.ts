import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { LinkError } from '../link.ts';
import { createHttpClient, toTarget, type HttpExchange, type HttpRequest } from './http-client.ts';

const client = createHttpClient({ allowPrivate: true });
afterAll(() => client.close());
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Told {
  exchange: HttpExchange;
  status: number;
  bytes: number;
  done: Promise<LinkError | null>;
}

function ask(url: string, over: Partial<HttpRequest> = {}): Told {
  const { promise: done, resolve } = Promise.withResolvers<LinkError | null>();
  const target = toTarget(new URL(url));
  const request: HttpRequest = {
    method: 'POST',
    target,
    headers: [],
    publicHeaders: [],
    body: 'x',
    lane: 'streams',
    ...over,
  };
  const told: Omit<Told, 'exchange'> = { status: 0, bytes: 0, done };
  const exchange = client.exchange(request, {
    response: (status) => void (told.status = status),
    data: (chunk) => void (told.bytes += chunk.length),
    end: () => resolve(null),
    failed: resolve,
  });
  return Object.assign(told, { exchange });
}

test('a request that stays is not sent to another origin', async () => {
  const seen: string[] = [];
  const other = await serve((req, res) => {
    seen.push(req.url ?? '');
    res.end('ok');
  });
  const server = await serve((req, res) => {
    if (req.url === '/here') res.end('ok');
    else res.writeHead(307, { location: req.url === '/away' ? `${other}/there` : '/here' }).end();
  });
  const stayed = ask(`${server}/away`, { staying: true });
  expect(await stayed.done).toMatchObject({ code: 'http', status: 307 });
  expect(seen).toEqual([]);
  const within = ask(`${server}/within`, { staying: true });
  expect(await within.done).toBeNull();
  expect(within.status).toBe(200);
  expect(await ask(`${server}/away`).done).toBeNull();
  expect(seen).toEqual(['/there']);
});

test('a reader that pauses gets the rest when it goes on', async () => {
  const size = 64 * 1024 * 1024;
  const server = await serve((_, res) => res.end(Buffer.alloc(size)));
  const told = ask(server);
  await expect.poll(() => told.bytes, { interval: 1 }).toBeGreaterThan(0);
  told.exchange.pause();
  let before = -1;
  await expect
    .poll(
      () => {
        const stands = told.bytes === before;
        before = told.bytes;
        return stands;
      },
      { interval: 200 },
    )
    .toBe(true);
  expect(before).toBeLessThan(size);
  told.exchange.resume();
  expect(await told.done).toBeNull();
  expect(told.bytes).toBe(size);
});
