import { createServer, request } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseAddress } from '../../../mcp-runtime/src/upstream/url-guard.ts';
import { createEgressProxy, parseRule, type EgressProxy } from './egress-proxy.ts';

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
  async function ask(host: string, allowPrivate: boolean, to = port): Promise<number> {
    const { env, close } = await proxy.grant([`${host}:${to}`], '127.0.0.1', { allowPrivate });
    const { username, password, hostname, port: at } = new URL(env['HTTP_PROXY'] ?? '');
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const status = await new Promise<number>((resolve, reject) => {
      const path = `http://${host}:${to}/`;
      const headers = { 'proxy-authorization': authorization, host: `${host}:${to}` };
      const asked = request({ hostname, port: at, path, headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.once('error', reject).end();
    });
    close();
    return status;
  }

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

  it.each([
    ['a status that does not exist', 'HTTP/1.1 099 x\r\ncontent-length: 0\r\n\r\n'],
    ['another protocol', 'HTTP/1.1 101 x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    ['no HTTP', 'hello\r\n'],
  ])('passes %s on as a bad gateway', async (_title, answer) => {
    const odd = createTcpServer((socket) => socket.once('data', () => socket.end(answer)));
    await new Promise<void>((resolve) => void odd.listen(0, '127.0.0.1', resolve));
    expect(await ask('127.0.0.1', true, (odd.address() as AddressInfo).port)).toBe(502);
    odd.close();
  });

  it('takes no port that does not exist', () => {
    expect(parseRule('example.com:65535')).toMatchObject({ port: 65_535 });
    expect(() => parseRule('example.com:65536')).toThrow(/is no host/);
  });
});
