import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProxy, type TestProxy } from '../../packages/mcp-runtime/src/upstream/fixtures/proxy.ts';
import { addPerson, type Caller } from '../support/people.ts';
import { until } from '../support/until.ts';
import { fieldServer, startField, type Field, type FieldServer } from './field.ts';

/** Remote servers that only a proxy reaches. */

const credentials = 'hub:password-of-the-proxy';
function withUser(proxy: TestProxy) {
  return `http://${credentials}@${proxy.host}`;
}

describe('a hub behind a proxy', () => {
  let proxy: TestProxy;
  let server: FieldServer;
  let field: Field;
  beforeAll(async () => {
    server = await fieldServer(({ plainly }) => plainly());
    proxy = await startProxy({
      credentials,
      names: { 'mcp.invalid': { port: server.port }, 'no.invalid': { status: 403 } },
    });
    field = await startField({ HTTP_PROXY: withUser(proxy), https_proxy: withUser(proxy), NO_PROXY: 'direct.invalid' });
  });
  afterAll(async () => {
    await field?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('reaches servers through it, and those of this machine and of NO_PROXY without it', async () => {
    await field.add('far', 'http://mcp.invalid/mcp');
    await field.call('far');
    expect(proxy.asked).toContain('POST http://mcp.invalid/mcp');
    const before = proxy.asked.length;
    await field.add('near', server.url);
    await field.call('near');
    await expect(field.add('direct', 'http://direct.invalid/mcp')).rejects.toThrow(
      'The host name of http://direct.invalid',
    );
    expect(proxy.asked).toHaveLength(before);
  });

  test('says what the proxy answered', async () => {
    await expect(field.add('refused', 'https://no.invalid/mcp')).rejects.toThrow(
      `The proxy ${proxy.host} answered 403: it does not let the hub reach no.invalid.`,
    );
  });

  test('shows its address without user and password, to those who may run programs', async () => {
    const { proxies } = await field.app.client().system.info.query();
    expect(proxies).toEqual({
      http: `http://${proxy.host}`,
      https: `http://${proxy.host}`,
      noProxy: 'direct.invalid',
    });
    const person = await addPerson(field.app, 'reader');
    const info = await person.client().system.info.query();
    expect(info.proxies).toBeNull();
    expect(JSON.stringify(info)).not.toContain(proxy.host);
  });

  test('does not let a user reach this machine through it', async () => {
    const person = await addPerson(field.app, 'prober');
    for (const url of ['http://127.0.0.1/mcp', 'http://10.0.0.1/mcp', 'http://169.254.169.254/']) {
      const { ok, error } = (await person
        .client()
        .servers.test.mutate({ draft: { kind: 'streamable-http', name: 'x', url } })) as {
        ok: boolean;
        error?: string;
      };
      expect({ ok, error }).toMatchObject({ ok: false, error: expect.stringContaining('may not contact') });
    }
    expect(proxy.asked.filter((line) => /127\.0|10\.0|169/.test(line))).toEqual([]);
  });
});

describe('a server with a proxy of its own', () => {
  let proxy: TestProxy;
  let server: FieldServer;
  let field: Field;
  let owner: Caller;
  beforeAll(async () => {
    server = await fieldServer(({ plainly }) => plainly());
    proxy = await startProxy({ credentials, names: { 'mcp.invalid': { port: server.port } } });
    field = await startField();
    owner = await addPerson(field.app, 'owner');
  });
  afterAll(async () => {
    await field?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const url = 'http://mcp.invalid/mcp';

  test('is reached through it, and its password stands nowhere', async () => {
    await field.add('own', url, { env: { HTTP_PROXY: withUser(proxy) } });
    await field.call('own');
    const { servers } = field.app.client();
    expect((await servers.get.query({ id: 'own' })).env).toEqual({ HTTP_PROXY: '***' });
    await expect(
      field.add('wrong', url, { env: { all_proxy: `http://hub:other-password@${proxy.host}` } }),
    ).rejects.toThrow(`The proxy ${proxy.host} answered 407`);
    const shown = [
      await servers.list.query({}),
      await servers.exportConfig.query({}),
      await field.logs('wrong'),
      await field.logs('own'),
    ];
    expect(JSON.stringify(shown)).not.toMatch(/password-of-the-proxy|other-password/);
  });

  test('gets it from those who may run programs alone', async () => {
    const { servers } = owner.client();
    const draft = { id: 'users', kind: 'streamable-http' as const, url };
    for (const name of ['HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'No_Proxy']) {
      const env = { [name]: proxy.host };
      await expect(servers.create.mutate({ ...draft, env })).rejects.toMatchObject({ data: { code: 'FORBIDDEN' } });
      await expect(servers.test.mutate({ draft: { ...draft, env } })).rejects.toMatchObject({
        data: { code: 'FORBIDDEN' },
      });
    }
    await servers.create.mutate(draft);
    const env = { HTTP_PROXY: proxy.host };
    await expect(servers.update.mutate({ id: 'users', patch: { env } })).rejects.toMatchObject({
      data: { code: 'FORBIDDEN' },
    });
    expect(proxy.asked.filter((line) => line.includes('users'))).toEqual([]);
  });

  test('is not led elsewhere through it by those who may not', async () => {
    const { servers } = owner.client();
    await servers.create.mutate({ id: 'led', kind: 'streamable-http', url });
    const admin = field.app.client().servers;
    await admin.update.mutate({ id: 'led', patch: { env: { HTTP_PROXY: withUser(proxy) } } });
    await until(async () => (await admin.get.query({ id: 'led' })).status.phase === 'running', 'it runs', 90_000);
    await servers.update.mutate({ id: 'led', patch: { description: 'mine' } });
    const elsewhere = servers.update.mutate({ id: 'led', patch: { url: 'http://other.invalid/mcp' } });
    await expect(elsewhere).rejects.toMatchObject({ data: { code: 'FORBIDDEN' } });
    await servers.update.mutate({ id: 'led', patch: { url: 'http://other.invalid/mcp', env: {} } });
    expect((await servers.get.query({ id: 'led' })).env).toEqual({});
  });

  test.each(['socks5://proxy:1080', 'http://proxy/path', 'a b'])('is refused where %s is no proxy', async (address) => {
    const { servers } = field.app.client();
    const created = servers.create.mutate({ id: 'bad', kind: 'streamable-http', url, env: { HTTPS_PROXY: address } });
    await expect(created).rejects.toThrow('must be the address of an HTTP proxy');
  });
});
