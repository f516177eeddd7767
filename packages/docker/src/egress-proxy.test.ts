import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseAddress } from '../../mcp-runtime/src/upstream/url-guard.ts';
import { createEgressProxy, type EgressProxy } from './egress-proxy.ts';

describe('the proxy of containers', () => {
  const refused: string[] = [];
  const inside = createServer((_, response) => response.end('inside'));
  let proxy: EgressProxy;
  let port = 0;

  beforeAll(async () => {
    await new Promise<void>((resolve) => void inside.listen(0, '127.0.0.1', resolve));
    ({ port } = inside.address() as AddressInfo);
    proxy = createEgressProxy({ refuseAddress, onRefused: (host, why) => refused.push(`${host}: ${why}`) });
  });
  afterAll(async () => {
    await proxy.close();
    inside.close();
  });

  /** Status of a request through the proxy to a host that is on the list. */
  const ask = async (host: string, allowPrivate: boolean): Promise<number> => {
    const { env, close } = await proxy.grant([`${host}:${port}`], '127.0.0.1', { allowPrivate });
    const { username, password, hostname, port: at } = new URL(env['HTTP_PROXY'] ?? '');
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const status = await new Promise<number>((resolve, reject) => {
      const path = `http://${host}:${port}/`;
      const headers = { 'proxy-authorization': authorization, host: `${host}:${port}` };
      const asked = request({ hostname, port: at, path, headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.once('error', reject).end();
    });
    close();
    return status;
  };

  it.each(['127.0.0.1', '[::1]', '[::ffff:7f00:1]', '[::7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', 'localhost'])(
    'leads to no private address, also where the list names it: %s',
    async (host) => {
      expect(await ask(host, false)).toBe(403);
      expect(refused.at(-1)).toMatch(/loopback or private/);
    },
  );

  it.each(['169.254.169.254', '[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]', '[fe80::1]'])(
    'leads to no metadata or link-local address for anybody: %s',
    async (host) => {
      expect(await ask(host, true)).toBe(403);
      expect(refused.at(-1)).toMatch(/link-local, metadata/);
    },
  );

  it('leads to a private address that the list names for whoever has power over the host, and by no name', async () => {
    expect(await ask('127.0.0.1', true)).toBe(200);
    expect(await ask('localhost', true)).toBe(403);
  });
});
