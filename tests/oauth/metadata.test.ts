import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

async function read(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; headers: Headers; text: string; body: Json }> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

/** A request with another Host, which `fetch` does not send. */
function askAt(host: string, url: string): Promise<{ status: number; headers: Json; body: Json }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; headers: Json; body: Json }>();
  get(url, { headers: { host } }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) }),
    );
  }).on('error', reject);
  return promise;
}

function onLocalhost(url: string) {
  return url.replace('127.0.0.1', 'localhost');
}

describe('the document of an endpoint', () => {
  it.each([
    ['', '/mcp'],
    ['/mcp', '/mcp'],
    ['/mcp/no-such', '/mcp/no-such'],
    ['/mcp/no-such/', '/mcp/no-such/'],
    ['/sse', '/sse'],
    ['/sse/x', '/sse/x'],
  ])('at …%s says where its clients sign in, whether it is there or not', async (path, resource) => {
    const { status, headers, body } = await read(`${app.url}/.well-known/oauth-protected-resource${path}`);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(body).toEqual({
      resource: app.url + resource,
      authorization_servers: [app.url],
      scopes_supported: ['mcp:read', 'mcp:call'],
      bearer_methods_supported: ['header'],
      resource_name: 'Switchboard',
    });
  });

  it('is JSON too where there is none, and below /.well-known in general', async () => {
    const none = ['/oauth-protected-resource/ui', '/oauth-authorization-server/mcp', '/openid-configuration/mcp', '/x'];
    for (const path of none) {
      const { status, headers } = await read(`${app.url}/.well-known${path}`);
      expect([path, status]).toEqual([path, 404]);
      expect(headers.get('content-type')).toContain('application/json');
    }
  });

  it('answers pages of everybody, and nothing but GET', async () => {
    const { status } = await read(`${app.url}/.well-known/oauth-protected-resource`, {
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(status).toBe(200);
    const posted = await read(`${app.url}/.well-known/oauth-protected-resource`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

describe('the document of the authorization server', () => {
  it.each(['oauth-authorization-server', 'openid-configuration'])(
    '%s tells what clients have to know',
    async (name) => {
      const { status, body } = await read(`${app.url}/.well-known/${name}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        issuer: app.url,
        authorization_endpoint: `${app.url}/oauth/authorize`,
        token_endpoint: `${app.url}/oauth/token`,
        registration_endpoint: `${app.url}/oauth/register`,
        revocation_endpoint: `${app.url}/oauth/revoke`,
        code_challenge_methods_supported: ['S256'],
        response_types_supported: ['code'],
        authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true,
      });
      expect(body.token_endpoint_auth_methods_supported).toContain('none');
      expect(JSON.stringify(body)).not.toContain('offline_access');
      for (const [key, value] of Object.entries(body)) {
        if (key.endsWith('_endpoint') || key.endsWith('_uri')) expect(new URL(value as string).origin).toBe(app.url);
      }
    },
  );

  it('has one issuer for each name of this machine', async () => {
    const local = onLocalhost(app.url);
    const { body } = await read(`${local}/.well-known/oauth-authorization-server`);
    expect(body.issuer).toBe(local);
    expect(body.jwks_uri).toBeUndefined();
    const openId = await read(`${local}/.well-known/openid-configuration`);
    const jwks = await read(openId.body.jwks_uri as string);
    expect(jwks.body.keys).toHaveLength(1);
    expect(jwks.text).not.toContain('"d"');
  });

  it('has PUBLIC_URL as its one issuer, and no registration where that is off', async () => {
    await using other = await createTestApp({ PUBLIC_URL: 'https://hub.example', OAUTH_REGISTRATION: 'false' });
    const { body } = await read(`${other.url}/.well-known/oauth-authorization-server`);
    expect(body.issuer).toBe('https://hub.example');
    expect(body.registration_endpoint).toBeUndefined();
    const resource = await read(`${other.url}/.well-known/oauth-protected-resource/mcp/x`);
    expect(resource.body).toMatchObject({
      resource: 'https://hub.example/mcp/x',
      authorization_servers: ['https://hub.example'],
    });
    const register = await read(`${other.url}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }).catch(() => null);
    expect(register?.status ?? 404).toBe(404);
  });

  it.each(['http://hub.lan:3000', 'http://192.168.1.7'])(
    'is on the machine of the hub alone where PUBLIC_URL is %s',
    async (PUBLIC_URL) => {
      await using other = await createTestApp({ PUBLIC_URL });
      const path = '/.well-known/oauth-authorization-server';
      expect((await read(other.url + path)).body.issuer).toBe(other.url);
      const { status, body } = await askAt(new URL(PUBLIC_URL).host, other.url + path);
      expect([status, body.error]).toEqual([404, 'not_found']);
      expect(body.error_description).toContain('https');
      const { headers } = await askAt(new URL(PUBLIC_URL).host, `${other.url}/mcp`);
      expect(headers['www-authenticate'] ?? '').not.toContain('resource_metadata');
    },
  );

  it('is not there where every caller is the admin', async () => {
    await using other = await createTestApp({ AUTH_MODE: 'open' });
    expect((await read(`${other.url}/.well-known/oauth-protected-resource/mcp`)).status).toBe(404);
  });
});

describe('a request without a credential', () => {
  it.each([
    ['POST', '/mcp', '/mcp'],
    ['POST', '/mcp/no-such', '/mcp/no-such'],
    ['POST', '/mcp/', '/mcp/'],
    ['POST', '/mcp/no-such/', '/mcp/no-such/'],
    ['GET', '/sse', '/sse'],
    ['GET', '/sse/x', '/sse/x'],
    ['POST', '/messages?sessionId=1', '/sse'],
  ])('%s %s is told where to sign in', async (method, path, resource) => {
    const { status, headers } = await read(app.url + path, { method });
    expect(status).toBe(401);
    const header = headers.get('www-authenticate') ?? '';
    expect(header).toBe(
      `Bearer scope="mcp:read mcp:call", resource_metadata="${app.url}/.well-known/oauth-protected-resource${resource}"`,
    );
    const metadata = /resource_metadata="([^"]+)"/.exec(header)?.[1] ?? '';
    expect((await read(metadata)).body).toMatchObject({
      resource: app.url + resource,
      authorization_servers: [app.url],
    });
  });

  it.each(['x', 'a'.repeat(43), 'sbk_wrong'])(
    'or with the token %s, which counts for nothing, is told so',
    async (token) => {
      const { status, headers } = await read(`${app.url}/mcp`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(
        /^Bearer error="invalid_token", error_description="[^"]+", scope=/,
      );
    },
  );

  it('of a documented API has the challenge that it had', async () => {
    const { status, headers } = await read(`${app.url}/api/servers`);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).not.toContain('resource_metadata');
  });
});
