import { X509Certificate } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { hostname } from 'node:os';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificates } from '../certificates.ts';
import { selfSigned } from '../fixtures/certificate.ts';
import { startProxy } from '../fixtures/proxy.ts';
import { readProxies } from '../proxies.ts';
import { createHttpClient, toTarget, type HttpClient } from './http-client.ts';

const answer: RequestListener = (request, response) => {
  if (request.url === '/away') return void response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`${request.headers.host} ${request.headers['proxy-authorization'] ?? 'nothing'};`);
  setTimeout(() => response.end('later'), 300);
};
const tls = selfSigned('mcp.invalid');
const plain = createServer(answer);
// Offers HTTP/2 too, which links do not speak.
const secure = createSecureServer({ ...tls, allowHTTP1: true }, answer as never);
function portOf(server: Server) {
  return (server.address() as AddressInfo).port;
}
const trusted = getCACertificates('default');

beforeAll(async () => {
  setDefaultCACertificates([...trusted, tls.cert]);
  for (const server of [plain, secure]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  plain.closeAllConnections();
  for (const server of [plain, secure]) server.close();
});

/** What came of a GET: its pieces, or why it failed. */
function get(client: HttpClient, url: string, more: readonly string[] = []): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const pieces: string[] = [];
    const sent = { method: 'GET', target: toTarget(new URL(url)), body: null, lane: 'calls' } as const;
    client.exchange(
      { ...sent, headers: ['accept', '*/*', ...more], publicHeaders: [] },
      {
        response: (status) => pieces.push(String(status)),
        data: (chunk) => pieces.push(chunk.toString()),
        end: () => resolve(pieces),
        failed: reject,
      },
    );
  });
}

async function proxied(
  names: Parameters<typeof startProxy>[0]['names'],
  {
    credentials,
    user = '',
    noProxy = '',
    allowPrivate = false,
  }: { credentials?: string; user?: string; noProxy?: string; allowPrivate?: boolean } = {},
) {
  const proxy = await startProxy({ names, ...(credentials !== undefined && { credentials }) });
  const client = createHttpClient(
    { allowPrivate },
    readProxies({ ALL_PROXY: `http://${user}${proxy.host}`, NO_PROXY: noProxy }),
  );
  return {
    ...proxy,
    get: (url: string, ...more: string[]) => get(client, url, more),
    async [Symbol.asyncDispose]() {
      await client.close();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

describe('through a proxy', () => {
  const both = [
    ['http://mcp.invalid/mcp', 'GET http://mcp.invalid/mcp', () => portOf(plain)],
    ['https://mcp.invalid/mcp', 'CONNECT mcp.invalid:443', () => portOf(secure)],
  ] as const;

  it.each(both)('%s is reached, in pieces as they come', async (url, asked, port) => {
    await using way = await proxied(
      { 'mcp.invalid': { port: port() } },
      { credentials: 'me:p@ss', user: 'me:p%40ss@' },
    );
    expect(await way.get(url)).toEqual(['200', 'mcp.invalid nothing;', 'later']);
    expect(way.asked).toEqual([asked]);
  });

  it.each(both)('%s: a sign-in that the proxy wants is named', async (url, _asked, port) => {
    await using way = await proxied(
      { 'mcp.invalid': { port: port() } },
      { credentials: 'me:secret', user: 'me:wrong1@' },
    );
    await expect(way.get(url)).rejects.toMatchObject({
      code: 'unreachable',
      message: `The proxy ${way.host} answered 407: it wants a sign-in, so its address needs a user and a password that it knows.`,
    });
  });

  it('a server’s own header signs nobody in at the proxy', async () => {
    await using way = await proxied({ 'mcp.invalid': { port: portOf(plain) } });
    const sent = way.get('http://mcp.invalid/', 'Proxy-Authorization', 'Basic x');
    await expect(sent).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringMatching(/not allow the message/),
    });
    expect(way.asked).toEqual([]);
  });

  it('a refusal and a failure of the proxy are named', async () => {
    await using way = await proxied({ 'mcp.invalid': { status: 403 } });
    const forbidden = `The proxy ${way.host} answered 403: it does not let the hub reach mcp.invalid.`;
    await expect(way.get('https://mcp.invalid/')).rejects.toMatchObject({ message: forbidden });
    const failed = `The proxy ${way.host} answered 502: it could not reach other.invalid.`;
    await expect(way.get('https://other.invalid/')).rejects.toMatchObject({ message: failed });
  });

  it.each(['http://mcp.invalid/', 'https://mcp.invalid/'])('%s: a proxy that is away is named', async (url) => {
    const client = createHttpClient({ allowPrivate: false }, readProxies({ ALL_PROXY: 'http://127.0.0.1:1' }));
    const message = 'Nothing answers at the proxy 127.0.0.1:1: the connection was refused.';
    await expect(get(client, url)).rejects.toMatchObject({ code: 'unreachable', message });
    await client.close();
    const nowhere = createHttpClient({ allowPrivate: false }, readProxies({ ALL_PROXY: 'http://proxy.invalid:1' }));
    await expect(get(nowhere, url)).rejects.toMatchObject({
      message: expect.stringContaining('the proxy proxy.invalid:1'),
    });
    await nowhere.close();
  });

  it('a proxy that hangs up, or says nothing, is named', async () => {
    await using way = await proxied({ 'mcp.invalid': 'hang-up', 'silent.invalid': 'silence' });
    const ended = `The proxy ${way.host} ended the connection before it answered.`;
    await expect(way.get('https://mcp.invalid/')).rejects.toMatchObject({ message: ended });
    const silent = `The proxy ${way.host} takes the connection and does not answer.`;
    await expect(way.get('https://silent.invalid/')).rejects.toMatchObject({ message: silent });
  });

  it.each(['http://10.0.0.1/', 'http://[fd00::1]/', 'https://169.254.169.254/', `https://${hostname()}/`])(
    '%s is refused, and the proxy never asked',
    async (url) => {
      await using way = await proxied({});
      await expect(way.get(url)).rejects.toMatchObject({ code: 'forbidden_url' });
      expect(way.asked).toEqual([]);
    },
  );

  it('who may reach private addresses may do so, and never the metadata service', async () => {
    await using way = await proxied({ '10.0.0.1': { port: portOf(plain) } }, { allowPrivate: true });
    expect(await way.get('http://10.0.0.1/')).toContain('later');
    await expect(way.get('http://169.254.169.254/')).rejects.toMatchObject({ code: 'forbidden_url' });
  });

  it('a redirect leads to nothing that is refused', async () => {
    await using way = await proxied({ 'mcp.invalid': { port: portOf(plain) } });
    await expect(way.get('http://mcp.invalid/away')).rejects.toMatchObject({ code: 'forbidden_url' });
    expect(way.asked).toEqual(['GET http://mcp.invalid/away']);
  });

  it('what needs no proxy goes straight, under the whole guard', async () => {
    await using way = await proxied({}, { noProxy: '10.0.0.1,.invalid', allowPrivate: true });
    expect(await way.get(`http://localhost:${portOf(plain)}/`)).toContain('later');
    await expect(way.get('http://mcp.invalid/')).rejects.toMatchObject({
      message: 'The host name of http://mcp.invalid is not known.',
    });
    await using strict = await proxied({}, { noProxy: '*' });
    for (const url of [`http://127.0.0.1:${portOf(plain)}/`, `http://${hostname()}/`, 'http://10.0.0.1/']) {
      await expect(strict.get(url)).rejects.toMatchObject({ code: 'forbidden_url' });
    }
    expect([...way.asked, ...strict.asked]).toEqual([]);
  });

  it('a certificate that nobody trusts is named with its host', async () => {
    setDefaultCACertificates(trusted);
    await using way = await proxied({ 'mcp.invalid': { port: portOf(secure) } });
    const failed = way.get('https://mcp.invalid/');
    await expect(failed).rejects.toMatchObject({
      message: expect.stringContaining(
        'The certificate of https://mcp.invalid is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
      ),
    });
    setDefaultCACertificates([...trusted, tls.cert]);
  });
});

describe('certificates', () => {
  it('are remembered by the origin that showed them', async () => {
    const certificates = createCertificates();
    const client = createHttpClient({ allowPrivate: true }, null, certificates);
    const url = `https://127.0.0.1:${portOf(secure)}/mcp`;
    expect(certificates.expiryOf(url)).toBeNull();
    await get(client, url);
    await get(client, `http://127.0.0.1:${portOf(plain)}/`);
    await client.close();
    const end = Date.parse(new X509Certificate(tls.cert).validTo);
    expect(certificates.expiryOf(url)).toBe(end);
    expect(certificates.expiryOf(`http://127.0.0.1:${portOf(plain)}/`)).toBeNull();
    expect(certificates.expiryOf(`https://127.0.0.1:${portOf(plain)}/`)).toBeNull();
    expect(certificates.expiryOf('no url')).toBeNull();
  });
});
