import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHttpClient } from '../links/http-client.ts';
import { createSignInProtocol } from './flow.ts';
import type { SignInSettings, SignInStep } from './types.ts';

type Document = Record<string, unknown>;
/** What the provider answers besides or instead, by path. */
let odd: Record<string, Document | string> = {};

const service = createServer((request, response) => {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const here = `http://${request.headers.host ?? ''}`;
  const usual: Record<string, Document> = {
    '/.well-known/oauth-protected-resource/mcp': { resource: `${here}/mcp`, authorization_servers: [here] },
    '/.well-known/oauth-authorization-server': {
      issuer: here,
      authorization_endpoint: `${here}/authorize`,
      token_endpoint: `${here}/token`,
      registration_endpoint: `${here}/register`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
    },
    '/register': { client_id: 'registered', redirect_uris: ['http://127.0.0.1/oauth/callback'] },
    '/token': { access_token: 'a-token', token_type: 'Bearer', refresh_token: 'next', scope: 'read' },
  };
  const change = odd[path] ?? {};
  const known = usual[path];
  if (known === undefined) return void response.writeHead(404).end();
  if (typeof change === 'string') {
    return void response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' }).end(change);
  }
  response.writeHead(path === '/register' ? 201 : 200, { 'content-type': 'application/json' });
  // A member that is undefined is left out.
  response.end(JSON.stringify({ ...known, ...change }).replaceAll('{here}', here));
});
const client = createHttpClient({ allowPrivate: true });
const protocol = createSignInProtocol(() => ({ client, release: () => undefined }));
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
beforeEach(() => (odd = {}));
afterAll(() => {
  service.closeAllConnections();
  service.close();
});

const usualSettings: SignInSettings = {
  flow: 'person',
  issuer: null,
  clientId: null,
  clientSecret: null,
  privateKey: null,
  scopes: null,
  sendResource: true,
  audience: null,
  parameters: {},
  assumePkce: false,
};

async function signIn(given: Partial<SignInSettings> = {}) {
  const steps: SignInStep[] = [];
  const common = {
    launch: { kind: 'streamable-http', url: `${origin}/mcp`, headers: {}, allowPrivate: true } as const,
    settings: { ...usualSettings, ...given },
    signal: AbortSignal.timeout(20_000),
    step: (step: SignInStep) => steps.push(step),
  };
  const { pending } = await protocol.begin({
    ...common,
    challenge: null,
    grantedScope: null,
    pinned: null,
    redirectUri: 'http://127.0.0.1/oauth/callback',
    documentUrl: null,
    state: 'a-state',
    known: () => Promise.resolve(null),
  });
  return protocol.finish({ ...common, pending, answer: new URLSearchParams({ code: 'c', state: 'a-state' }) });
}

const server = '/.well-known/oauth-authorization-server';
const resource = '/.well-known/oauth-protected-resource/mcp';

it.each<[string, string, Document | string]>([
  ['a token without its type', '/token', { token_type: undefined }],
  ['a token with members that are null', '/token', { refresh_token: null, scope: null, id_token: null }],
  ['a token as a form', '/token', 'access_token=a-token&token_type=bearer&scope=read'],
  ['metadata with members that are null', server, { scopes_supported: null, service_documentation: null }],
  ['metadata without the kinds of answers', server, { response_types_supported: undefined }],
  ['metadata with a place that is none', server, { revocation_endpoint: '/revoke', service_documentation: '/docs' }],
  ['a registration without addresses', '/register', { redirect_uris: undefined }],
  ['a registration with empty members', '/register', { logo_uri: null, client_uri: '', client_secret: null }],
  ['metadata of the server with members that are null', resource, { scopes_supported: null, jwks_uri: '/keys' }],
])('%s serves', async (_what, path, change) => {
  odd = { [path]: change };
  expect(await signIn()).toMatchObject({ accessToken: 'a-token', client: { clientId: 'registered' } });
});

it('a server at another path serves where its owner names who signs people in', async () => {
  odd = { [resource]: { resource: '{here}/sse' } };
  await expect(signIn()).rejects.toMatchObject({ failure: 'untrusted' });
  expect(await signIn({ issuer: origin, sendResource: false })).toMatchObject({
    accessToken: 'a-token',
    resource: null,
  });
});

it('an address with a slash too many is told, with what to give', async () => {
  odd = { [server]: { issuer: '{here}/' } };
  await expect(signIn()).rejects.toMatchObject({ failure: 'untrusted', reason: { code: 'signInSlash' } });
  expect(await signIn({ issuer: `${origin}/` })).toMatchObject({ accessToken: 'a-token' });
});

it.each<[string, string, Document | string]>([
  ['a token of another type', '/token', { token_type: 'DPoP' }],
  ['a form with two tokens', '/token', 'access_token=a&access_token=b&token_type=bearer'],
  ['an error as a form', '/token', 'error=bad_verification_code&error_description=Over'],
  ['metadata without an address', server, { token_endpoint: null }],
  ['a registration without an id', '/register', { client_id: null }],
])('%s does not', async (_what, path, change) => {
  odd = { [path]: change };
  await expect(signIn()).rejects.toMatchObject({ name: 'SignInError' });
});
