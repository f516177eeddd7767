import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseAddress } from '../../../mcp-runtime/src/upstream/url-guard.ts';
import { findStaticShell } from '../engine/pipes.ts';
import { userFor } from '../launch.ts';
import { createContainerLauncher, removeOrphanContainers } from '../launcher/launcher.ts';
import { createSharedFolder } from '../launcher/shared-folder.ts';
import { linksTo, testLaunch } from '../testing/testing-links.ts';
import { nodeRoot } from '../testing/testing-node.ts';
import { findTestEngine, importImage, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';
import { createEgressProxy, matches, parseRule, type EgressProxy } from './egress-proxy.ts';

const found = await findTestEngine();
const fixture = fileURLToPath(new URL('../../fixtures/look-server.mjs', import.meta.url));
const none = '0000000000000000';

describe('the user of a server', () => {
  const launch = testLaunch('any');
  it.each([
    ['', '65534:65534'],
    ['root', '65534:65534'],
    ['0:0', '65534:65534'],
    ['0', '65534:65534'],
    ['node', 'node'],
    ['1000:1000', '1000:1000'],
  ])('of an image with %j is %s', (image, user) => {
    expect(userFor(launch, image)).toBe(user);
  });

  it('is the image’s or another where the launch says so', () => {
    expect(userFor({ ...launch, user: 'image' }, '')).toBe('');
    expect(userFor({ ...launch, user: '0' }, 'node')).toBe('0');
  });
});

describe('allowed hosts', () => {
  it.each([
    ['api.example.com', 'api.example.com', 443, true],
    ['api.example.com', 'API.Example.com.', 80, true],
    ['api.example.com', 'api.example.com', 22, false],
    ['api.example.com', 'evil-api.example.com', 443, false],
    ['api.example.com', 'api.example.com.evil.net', 443, false],
    ['*.example.com', 'a.b.example.com', 443, true],
    ['*.example.com', 'example.com', 443, false],
    ['*.example.com', 'badexample.com', 443, false],
    ['example.com:8443', 'example.com', 8443, true],
    ['example.com:8443', 'example.com', 443, false],
    ['[::1]:8080', '::1', 8080, true],
  ])('%s lets %s:%d through: %s', (rule, host, port, outcome) => {
    expect(matches(parseRule(rule), host, port)).toBe(outcome);
  });

  it.each(['', 'http://x', 'a b', '*', '*.', 'x:y', '*x.com'])('refuses the rule %j', (rule) => {
    expect(() => parseRule(rule)).toThrow(expect.objectContaining({ field: 'network' }));
  });
});

describe.skipIf('missing' in found)(
  suiteTitle('what a server sees from inside a container', found),
  { timeout: 300_000 },
  () => {
    let test: TestEngine;
    let image = '';
    let secretsRoot = '';
    let proxy: EgressProxy;
    let links: ReturnType<typeof linksTo>;
    const refused: string[] = [];

    beforeAll(async () => {
      test = await openTestEngine('host' in found ? found.host : '');
      image = `switchboard-test/look:${test.prefix}`;
      const files = { 'look-server.mjs': await readFile(fixture) };
      await importImage(test.engine, image, test.labels, await nodeRoot(files), [
        'CMD ["/bin/node", "/app/look-server.mjs"]',
      ]);
      secretsRoot = await mkdtemp('/dev/shm/switchboard-test-');
      proxy = createEgressProxy({
        refuseAddress,
        onRefused: (host, why) => refused.push(`${host}: ${why}`),
      });
      const shared = createSharedFolder(secretsRoot);
      const shell = findStaticShell();
      links = linksTo(createContainerLauncher({ engine: test.engine, hubId: test.prefix, shared, shell, proxy }));
    });
    afterAll(async () => {
      await removeOrphanContainers(test.engine, test.prefix);
      await proxy.close();
      await links.close();
      await rm(secretsRoot, { recursive: true });
      await test[Symbol.asyncDispose]();
    });

    type Change = Parameters<typeof testLaunch>[1];
    function open(change: Change = {}) {
      return links.open(testLaunch(image, change));
    }
    function http(change: Change = {}) {
      return open({
        command: ['/bin/node', '/app/look-server.mjs', '3001'],
        transport: { kind: 'http', port: 3001, path: '/mcp' },
        ...change,
      });
    }

    it('is what the defaults say', async () => {
      await using link = await open({ env: { PLAIN: 'x' }, secrets: { API_KEY: 's3cret\nvalue' } });
      const { result } = await link.request('look');
      expect(result).toMatchObject({
        uid: 65534,
        gid: 65534,
        firstProcess: expect.stringMatching(/init|tini/),
        capabilities: none,
        bounding: none,
        noNewPrivileges: '1',
        runsFromTmp: 0,
        seccomp: '2',
        interfaces: ['lo'],
        memory: expect.arrayContaining(['536870912']),
        pids: expect.arrayContaining(['256']),
        secrets: { API_KEY: 's3cret\nvalue' },
        writes: {
          '/x': 'EROFS',
          '/app/x': 'EROFS',
          '/etc/x': 'EROFS',
          '/tmp/x': 'ok',
          '/run/secrets/x': 'EROFS',
          '/proc/sys/kernel/hostname': 'EROFS',
        },
      });
      expect(result?.['cpu']).toEqual(expect.arrayContaining([expect.stringMatching(/^100000( |$)/)]));
      expect(result).not.toMatchObject({ writes: { '/sys/x': 'ok' } });
      expect(result?.['env']).toEqual({
        PATH: '/bin',
        HOSTNAME: 'server',
        HOME: '/tmp',
        PLAIN: 'x',
        API_KEY_FILE: '/run/secrets/API_KEY',
      });
    });

    it('keeps secrets out of what the engine shows, and removes them with the container', async () => {
      const link = await open({ secrets: { API_KEY: 'only-inside' } });
      const [container] = await test.engine.containers.list({ labels: [`switchboard.hub=${test.prefix}`] });
      const shown = JSON.stringify(await test.engine.containers.inspect(container?.id ?? ''));
      expect(shown).not.toContain('only-inside');
      await link.link.close({ graceMs: 500 });
      expect(await readdir(secretsRoot)).toEqual([]);
    });

    it('holds at most so many processes', async () => {
      await using link = await open({ limits: { pids: 64, memoryBytes: 2 ** 30 } });
      const { result } = await link.request('fork');
      expect(Number(result?.['count'])).toBeLessThan(64);
      expect(await link.request('echo', { still: 'here' })).toMatchObject({ result: { still: 'here' } });
    });

    it('is reached over HTTP without a way out', async () => {
      await using link = await http();
      expect(await link.request('echo', { over: 'http' })).toMatchObject({ result: { over: 'http' } });
      const { result } = await link.request('look');
      expect(result).toMatchObject({ uid: 65534, capabilities: none, noNewPrivileges: '1' });
      expect(await link.request('connect', { host: '1.1.1.1', port: 443 })).not.toMatchObject({
        result: { outcome: 'connected' },
      });
      await link.until(({ logs }) => logs.some(({ text }) => text === 'listening'));
    });

    it('is reached over HTTP by a published port where it may go out', async () => {
      await using link = await http({ network: { kind: 'open' } });
      expect(await link.request('echo', { over: 'port' })).toMatchObject({ result: { over: 'port' } });
      const [container] = await test.engine.containers.list({ labels: [`switchboard.hub=${test.prefix}`] });
      expect(container?.ports['3001/tcp']).toEqual([{ HostIp: '127.0.0.1', HostPort: expect.stringMatching(/^\d+$/) }]);
    });

    it('cannot reach another server', async () => {
      await using first = await http();
      const [container] = await test.engine.containers.list({ labels: [`switchboard.hub=${test.prefix}`] });
      const address = container?.networks[0]?.address ?? '';
      expect(address).toMatch(/^\d/);
      await using second = await http();
      expect(await second.request('connect', { host: address, port: 3001 })).not.toMatchObject({
        result: { outcome: 'connected' },
      });
      expect(await first.request('echo')).toMatchObject({ result: {} });
    });

    it('tells how an HTTP server ended, and leaves nothing', async () => {
      const link = await http();
      void link.request('exit', { code: 4 }).catch(() => {});
      await link.until(({ closed }) => closed.length > 0);
      expect(link.seen.closed).toMatchObject([{ code: 'closed', message: expect.stringContaining('exit code 4') }]);
      const early = http({ command: ['/bin/node', '-e', 'console.error("Error: no configuration"); process.exit(5)'] });
      await expect(early).rejects.toMatchObject({
        code: 'unreachable',
        message: 'The container ended with exit code 5: Error: no configuration',
      });
      expect(await test.engine.containers.list({ labels: [`switchboard.hub=${test.prefix}`] })).toEqual([]);
    });

    it('reaches the hosts on its list and no other', async () => {
      const inside = createServer((request, response) => response.end(`hello ${request.headers.host ?? ''}`));
      const { gateway: told, subnets } = await test.engine.networks.get('bridge');
      // Some engines do not tell it for the network they begin with.
      const gateway = told ?? subnets[0]?.replace(/\.0\/\d+$/, '.1') ?? '';
      await new Promise<void>((resolve) => inside.listen(0, gateway, resolve));
      const { port } = inside.address() as AddressInfo;
      const allowed = `${gateway}:${port}`;
      await using link = await open({
        network: { kind: 'allow', hosts: [allowed, 'localhost:1'] },
        authority: { owner: null, unconfined: true },
      });
      expect(await link.request('fetch', { url: `http://${allowed}/x` })).toMatchObject({
        result: { status: 200, text: `hello ${allowed}` },
      });
      const elsewhere = await link.request('fetch', { url: 'http://example.com/' });
      expect(elsewhere).toMatchObject({ result: { error: expect.any(String) } });
      const tls = await link.request('fetch', { url: 'https://example.com/' });
      expect(tls).toMatchObject({ result: { error: expect.any(String) } });
      expect(refused).toContain('example.com: the host is not on the list');
      expect(await link.request('connect', { host: '1.1.1.1', port: 443 })).not.toMatchObject({
        result: { outcome: 'connected' },
      });
      inside.close();
    });
  },
);
