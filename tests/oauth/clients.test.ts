import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import {
  Client as V2Client,
  type OAuthClientProvider,
  StreamableHTTPClientTransport as V2Http,
} from '@modelcontextprotocol/client';
import { UnauthorizedError as V1Unauthorized } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { serveV1Http } from '../support/mcp/scripted-v1.ts';
import { type Documents, serveDocuments } from '../support/oauth-documents.ts';
import {
  beginRequest,
  createHandClient,
  createPerson,
  letIn,
  makePkce,
  type Person,
  register,
} from '../support/oauth.ts';
import { until } from '../support/until.ts';

let app: TestApp;
let admin: Person;
let upstream: Awaited<ReturnType<typeof serveV1Http>>;
beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  upstream = await serveV1Http('tools');
  await app.client().servers.create.mutate({ id: 'one', kind: 'streamable-http', url: upstream.url });
  await until(() => app.runtime.status('one')?.phase === 'running', 'the server runs');
  admin = await createPerson(app.url);
});
afterAll(async () => {
  await app.stop();
  await upstream[Symbol.asyncDispose]();
});

/** What an SDK keeps of one authorization server, in memory. */
function createKeeper(more: { clientMetadataUrl?: string } = {}) {
  const kept: { client?: Json; tokens?: Json; verifier?: string; asked?: URL; discovery?: Json } = {};
  const provider = {
    ...more,
    redirectUrl: 'http://127.0.0.1:33418/callback',
    clientMetadata: {
      client_name: 'SDK client',
      redirect_uris: ['http://127.0.0.1:33418/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => kept.client,
    saveClientInformation: (client: Json) => void (kept.client = client),
    tokens: () => kept.tokens,
    saveTokens: (tokens: Json) => void (kept.tokens = tokens),
    redirectToAuthorization: (url: URL) => void (kept.asked = url),
    saveCodeVerifier: (verifier: string) => void (kept.verifier = verifier),
    codeVerifier: () => kept.verifier ?? '',
    invalidateCredentials: () => void delete kept.tokens,
    saveDiscoveryState: (state: Json) => void (kept.discovery = state),
    discoveryState: () => kept.discovery,
  };
  return { kept, provider: provider as unknown as OAuthClientProvider };
}

type Kept = ReturnType<typeof createKeeper>;

interface Kind {
  name: string;
  connect(url: string, keeper: Kept): Promise<{ tools(): Promise<number>; close(): Promise<void> }>;
}

function v2(pin: boolean): Kind['connect'] {
  return async (url, { kept, provider }) => {
    function make() {
      return new V2Client(
        { name: 'v2', version: '1' },
        { versionNegotiation: { mode: pin ? { pin: '2026-07-28' } : 'legacy' } },
      );
    }
    const transport = new V2Http(new URL(url), { authProvider: provider });
    let client = make();
    try {
      await client.connect(transport);
    } catch (error) {
      if (kept.asked === undefined) throw error;
      const back = await letIn(admin, kept.asked);
      await transport.finishAuth(back.searchParams);
      client = make();
      await client.connect(new V2Http(new URL(url), { authProvider: provider }));
    }
    return { tools: async () => (await client.listTools()).tools.length, close: () => client.close() };
  };
}

const kinds: Kind[] = [
  { name: 'the v2 SDK, 2026-07-28', connect: v2(true) },
  { name: 'the v2 SDK, 2025-11-25', connect: v2(false) },
  {
    name: 'the v1 SDK',
    async connect(url, { kept, provider }) {
      const authProvider = provider as unknown as NonNullable<ConstructorParameters<typeof V1Http>[1]>['authProvider'];
      const options = authProvider ? { authProvider } : {};
      const transport = new V1Http(new URL(url), options);
      let client = new V1Client({ name: 'v1', version: '1' });
      try {
        await client.connect(transport);
      } catch (error) {
        if (!(error instanceof V1Unauthorized) || kept.asked === undefined) throw error;
        const back = await letIn(admin, kept.asked);
        await transport.finishAuth(back.searchParams.get('code') ?? '');
        client = new V1Client({ name: 'v1', version: '1' });
        await client.connect(new V1Http(new URL(url), options));
      }
      return { tools: async () => (await client.listTools()).tools.length, close: () => client.close() };
    },
  },
];

describe.each(kinds)('$name', ({ connect }) => {
  it.each(['/mcp', '/mcp/one'])(
    'connects to %s from nothing, refreshes, and is sent to sign in anew when it is revoked',
    async (path) => {
      const keeper = createKeeper();
      const first = await connect(app.url + path, keeper);
      expect(await first.tools()).toBeGreaterThan(0);
      expect(keeper.kept.client.client_id).toMatch(/^[\w-]{43}$/);
      // Its access token is over: it takes the next one by itself, in the session that it has.
      const before = keeper.kept.tokens.access_token;
      await app.connection.run(`update oauth_objects set expires_at = now() where model = 'AccessToken'`, []);
      app.core.authenticator.onEvent({
        type: 'user.changed',
        id: app.core.deps.access.directory.user === undefined ? '' : await adminId(),
      });
      expect(await first.tools()).toBeGreaterThan(0);
      expect(keeper.kept.tokens.access_token).not.toBe(before);
      const { body } = await admin.query('oauth.grants.list', {});
      const mine = body.find((grant: Json) => grant.client.id === keeper.kept.client.client_id);
      await admin.mutate('oauth.grants.revoke', { id: mine.id });
      delete keeper.kept.asked;
      await expect(first.tools()).rejects.toThrow();
      expect(keeper.kept.asked).toBeInstanceOf(URL);
      await first.close();
    },
  );
});

async function adminId(): Promise<string> {
  const { body } = await admin.query('auth.me', undefined);
  return body.user.id;
}

function makeKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** A JSON web token, signed with ES256. */
function signed(header: object, claims: object, key: KeyObject): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

describe('a client with a metadata document', () => {
  let documents: Documents;
  const keys = makeKeys();
  beforeAll(async () => {
    const jwk = keys.publicKey.export({ format: 'jwk' });
    const good = {
      client_name: 'Document client',
      client_uri: 'https://client.example',
      redirect_uris: ['http://127.0.0.1:33418/callback', 'https://client.example/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
    documents = await serveDocuments((base) => ({
      '/client.json': { client_id: `${base}/client.json`, ...good },
      '/key.json': {
        client_id: `${base}/key.json`,
        ...good,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks_uri: `${base}/keys.json`,
      },
      '/keys.json': { keys: [{ ...jwk, use: 'sig', alg: 'ES256' }] },
      '/lies.json': { client_id: `${base}/client.json`, ...good },
      '/secret.json': { client_id: `${base}/secret.json`, ...good, client_secret: 'x' },
      '/http.json': { client_id: `${base}/http.json`, ...good, redirect_uris: ['http://evil.example/'] },
      '/array.json': [],
      '/huge.json': { client_id: `${base}/huge.json`, ...good, client_name: 'x'.repeat(1_000_000) },
      '/loop.json': (response: Json) => response.writeHead(302, { location: `${base}/loop.json` }).end(),
      '/moved.json': (response: Json) => response.writeHead(302, { location: `${base}/client.json` }).end(),
      '/slow.json': () => undefined,
      '/drip.json': (response: Json) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
      },
    }));
  });
  afterAll(() => documents.close());

  it('connects from nothing, without being registered, and is shown with the host of its document', async () => {
    const keeper = createKeeper({ clientMetadataUrl: documents.url('/client.json') });
    const connected = await v2(true)(`${app.url}/mcp/one`, keeper);
    expect(await connected.tools()).toBeGreaterThan(0);
    await connected.close();
    expect(keeper.kept.client.client_id).toBe(documents.url('/client.json'));
    const { body } = await admin.query('oauth.grants.list', {});
    expect(body[0].client).toMatchObject({ name: 'Document client', kind: 'metadata-document' });
    const client = await createHandClient(app.url, { id: documents.url('/client.json') });
    const uid = await beginRequest(
      admin,
      client.authorizationUrl({ redirect_uri: 'https://client.example/callback' }).url,
    );
    expect((await admin.query('oauth.request', { uid })).body).toMatchObject({
      client: { kind: 'metadata-document', host: new URL(documents.url('/')).host },
      redirect: { host: 'client.example', isLoopback: false },
    });
    expect(documents.asked.filter((name) => name === '/client.json')).toHaveLength(1);
  });

  it('proves itself with a key that its document names, once for each assertion', async () => {
    const id = documents.url('/key.json');
    const client = await createHandClient(app.url, { id });
    const asked = client.authorizationUrl({ redirect_uri: 'http://127.0.0.1:33418/callback' });
    const back = await letIn(admin, asked.url);
    function assertion(key: KeyObject = keys.privateKey) {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: id, sub: id, aud: app.url, jti: randomUUID(), iat: now, exp: now + 60 };
      return signed({ alg: 'ES256' }, claims, key);
    }
    function proved(client_assertion: string) {
      const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      return { client_assertion, client_assertion_type, redirect_uri: 'http://127.0.0.1:33418/callback' };
    }
    const code = back.searchParams.get('code') ?? '';
    const { privateKey: foreign } = makeKeys();
    const refused = await client.exchange(code, asked.verifier, proved(assertion(foreign)));
    expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client']);
    const used = assertion();
    const tokens = await client.exchange(code, asked.verifier, proved(used));
    expect(tokens.status).toBe(200);
    const again = await client.refresh(tokens.body.refresh_token, proved(used));
    expect([again.status, again.body.error]).toEqual([401, 'invalid_client']);
    expect((await client.refresh(tokens.body.refresh_token, proved(assertion()))).status).toBe(200);
    expect((await client.refresh(tokens.body.refresh_token)).status).toBe(401);
  });

  it.each(['lies', 'secret', 'http', 'array', 'huge', 'loop', 'moved', 'slow', 'drip', 'no-such'])(
    'that is %s is refused on a page',
    async (name) => {
      const client = await createHandClient(app.url, { id: documents.url(`/${name}.json`) });
      const asked = client.authorizationUrl({ redirect_uri: 'http://127.0.0.1:33418/callback' });
      const response = await admin.browser.fetch(asked.url);
      expect([name, response.status, response.headers.get('location')]).toEqual([name, 400, null]);
      expect(await response.text()).toMatch(/invalid_client|invalid_redirect_uri/);
    },
  );
});

/** What the clients of the field send, written down from what is known of them. */
describe('as the field does it', () => {
  it('claude.ai: keeps a secret that it posts, asks for offline access, and refreshes without a resource', async () => {
    const { body } = await register(app.url, {
      client_name: 'Claude',
      redirect_uris: ['https://claude.ai/api/mcp/auth_callback'],
      token_endpoint_auth_method: 'client_secret_post',
      scope: 'mcp:read mcp:call offline_access',
    });
    expect(body.client_secret).toMatch(/^[\w-]{43,}$/);
    const client = await createHandClient(app.url, { id: body.client_id, metadata: body });
    const asked = client.authorizationUrl({
      resource: `${app.url}/mcp/one`,
      scope: 'mcp:read mcp:call offline_access',
    });
    const back = await letIn(admin, asked.url);
    const secret = { client_secret: body.client_secret };
    const tokens = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier, secret);
    expect(tokens.body.scope).toBe('mcp:read mcp:call');
    expect((await client.refresh(tokens.body.refresh_token)).body.error).toBe('invalid_client');
    const refreshed = await client.refresh(tokens.body.refresh_token, secret);
    expect(refreshed.status).toBe(200);
    // Other clients repeat what they asked for first.
    const again = await client.refresh(refreshed.body.refresh_token, { ...secret, scope: 'mcp:read offline_access' });
    expect([again.status, again.body.scope]).toEqual([200, 'mcp:read']);
    const unknown = await client.refresh(again.body.refresh_token, { ...secret, scope: 'openid offline_access' });
    expect([unknown.status, unknown.body.scope]).toEqual([200, 'mcp:read mcp:call']);
  });

  it('ChatGPT: sends resource at both endpoints with a slash at its end', async () => {
    const client = await createHandClient(app.url, {
      metadata: { client_name: 'ChatGPT', redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect'] },
    });
    const resource = `${app.url}/mcp/one/`;
    const asked = client.authorizationUrl({ resource });
    const back = await letIn(admin, asked.url);
    const tokens = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier, { resource });
    expect(tokens.status).toBe(200);
    expect((await client.refresh(tokens.body.refresh_token, { resource })).status).toBe(200);
  });

  it('VS Code: registers web and loopback redirects together, and listens on a port of the moment', async () => {
    const client = await createHandClient(app.url, {
      metadata: {
        client_name: 'Visual Studio Code',
        redirect_uris: [
          'http://127.0.0.1/',
          'http://localhost/',
          'http://127.0.0.1:33418/',
          'http://localhost:33418/',
          'https://vscode.dev/redirect',
          'https://insiders.vscode.dev/redirect',
        ],
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
    });
    for (const redirect of ['http://127.0.0.1:54321/', 'https://vscode.dev/redirect']) {
      const asked = client.authorizationUrl({ redirect_uri: redirect });
      const back = await letIn(admin, asked.url);
      expect(back.href.startsWith(redirect)).toBe(true);
      const tokens = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier, {
        redirect_uri: redirect,
      });
      expect(tokens.body.refresh_token).toMatch(/^[\w-]{43}$/);
    }
  });

  it('Cursor: comes back by a scheme of its own, and names no scope and no resource', async () => {
    const redirect = 'cursor://anysphere.cursor-mcp/oauth/callback';
    const client = await createHandClient(app.url, {
      metadata: { client_name: 'Cursor', redirect_uris: [redirect], grant_types: ['authorization_code'] },
    });
    const asked = client.authorizationUrl({ scope: undefined, resource: undefined });
    const back = await letIn(admin, asked.url);
    expect(back.protocol).toBe('cursor:');
    const tokens = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier);
    expect(tokens.body.scope).toBe('mcp:read mcp:call');
    expect((await client.refresh(tokens.body.refresh_token)).status).toBe(200);
  });

  it('clients of 2025-03-26 find the server at the root, and ask under the name that they know', async () => {
    const local = app.url.replace('127.0.0.1', 'localhost');
    const client = await createHandClient(local);
    const person = await createPerson(local);
    const tokens = await client.connect(person, { resource: `${local}/mcp/one` });
    // The same endpoint, however this machine is called.
    const response = await fetch(`${app.url}/mcp/one`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'old', version: '1' } },
      }),
    });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  it('a client that mixes servers up sees whose answer it has', async () => {
    const client = await createHandClient(app.url);
    const asked = client.authorizationUrl();
    expect((await letIn(admin, asked.url)).searchParams.get('iss')).toBe(app.url);
    const refused = await admin.browser.fetch(
      client.authorizationUrl({ code_challenge: makePkce().challenge.slice(1) }).url,
    );
    // The person has just let it in.
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('iss')).toBe(app.url);
  });
});
