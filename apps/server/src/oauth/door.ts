import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { setBounded } from '@switchboard/basics';
import type { Core, Log } from '@switchboard/core';
import { createOauthStore, knownScopes, mcpScopes } from '@switchboard/core/oauth';
import type { Proxies } from '@switchboard/mcp-runtime/http';
import type { Config } from '../config.ts';
import { writeAnswer } from '../http/answer.ts';
import { identify } from '../http/authenticate.ts';
import { findMcpTarget, type McpTarget } from '../http/mcp-target.ts';
import { endpointOf, isProtected, issuerFor, resourceOf } from './addresses.ts';
import { challengeOf, resourceDocument, serverDocument } from './documents.ts';
import { loadEngine } from './engine.ts';
import { createKeptDocuments } from './kept-documents.ts';
import { createMetadataFetch } from './metadata-fetch.ts';
import { paths } from './offer.ts';
import { createProvider } from './provider.ts';

/** The way in of OAuth: documents below /.well-known, and the engine below /oauth. */
export interface OauthDoor {
  /** Whether the door answers this path; other paths below /oauth and /.well-known are not its own. */
  has(pathname: string): boolean;
  answer(exchange: OauthExchange, pathname: string): Promise<void> | void;
  /** The challenge for an endpoint; null where the hub has no issuer for this Host. */
  challenge(host: string | undefined, target: McpTarget, problem?: Parameters<typeof challengeOf>[2]): string | null;
  close(): Promise<void>;
}

export interface OauthExchange {
  request: IncomingMessage;
  response: ServerResponse;
  headers: Record<string, string>;
  address: string | null;
}

interface DoorOptions {
  config: Config;
  core: Core;
  log: Log;
  keys: { cookies: Uint8Array; signing: Uint8Array };
  sessionCookieName: string;
  proxies: Proxies | null;
}

const resourcePath = '/.well-known/oauth-protected-resource';
const openIdPath = '/.well-known/openid-configuration';
const serverPaths: ReadonlySet<string> = new Set(['/.well-known/oauth-authorization-server', openIdPath]);
const methods: ReadonlyMap<string, string> = new Map([
  [paths.authorization, 'GET'],
  [paths.token, 'POST'],
  [paths.registration, 'POST'],
  [paths.revocation, 'POST'],
  [paths.jwks, 'GET'],
]);
/** The path at which the browser comes back from the consent page. */
const resumed = /^\/oauth\/authorize\/[\w-]{20,64}$/;
/** Most loopback origins with an engine of their own. */
const mostProviders = 8;
const documentsPerMinute = 60;
/** Refreshes of one grant; each leaves rows. */
const refreshesPerMinute = 30;
const limits: Readonly<Record<string, number>> = {
  [paths.authorization]: 120,
  [paths.registration]: 60,
  [paths.token]: 1_200,
};

function problem(status: number, error: string, description: string, headers: Record<string, string> = {}) {
  return {
    status,
    headers: { 'cache-control': 'no-store', ...headers },
    body: { error, error_description: description },
  };
}

/** Parameters of OpenID Connect that mean nothing without the scope `openid`, which the hub does not have. */
const ofOpenId = ['nonce', 'max_age', 'acr_values', 'id_token_hint', 'claims', 'claims_locales'];

/** Normalizes an authorization request: canonical resources, known scopes (all where none is known), one prompt. */
function normalized(target: string, issuer: string): string {
  const url = new URL(target, issuer);
  const resources = url.searchParams.getAll('resource');
  url.searchParams.delete('resource');
  for (const resource of resources) {
    const endpoint = endpointOf(resource, issuer);
    url.searchParams.append('resource', endpoint ? resourceOf(endpoint, issuer) : resource);
  }
  const prompt = url.searchParams.get('prompt');
  // The consent page covers `login` and `select_account`: each request is answered by a person.
  if (prompt !== null && prompt !== 'none') url.searchParams.set('prompt', 'consent');
  const scopes = knownScopes((url.searchParams.get('scope') ?? '').split(' '));
  url.searchParams.set('scope', (scopes.length > 0 ? scopes : mcpScopes).join(' '));
  for (const name of ofOpenId) url.searchParams.delete(name);
  return url.pathname + url.search;
}

/** Makes the door; null with AUTH_MODE=open, where nobody signs in. */
export function createOauthDoor(options: DoorOptions): OauthDoor | null {
  const { config, core, log, keys, sessionCookieName } = options;
  if (config.authMode === 'open') return null;
  if (config.publicUrl !== null && !isProtected(config.publicUrl)) {
    const text = 'PUBLIC_URL is not https: MCP clients sign in on the machine of the hub alone, others need API keys';
    log.warn({ publicUrl: config.publicUrl }, text);
  }
  const { deps } = core;
  const store = createOauthStore({
    db: deps.db,
    secrets: deps.secrets,
    now: deps.clock.now,
    ctx: () => core.ctxFor({ type: 'system', job: 'oauth' }),
  });
  const documents = createMetadataFetch({ allowPrivate: config.allowPrivateUrls, proxies: options.proxies });
  const kept = createKeptDocuments(documents.fetch, store);
  const providers = new Map<string, Provider>();
  const accounts = new WeakMap<IncomingMessage, string>();
  const letIn = new WeakSet<IncomingMessage>();
  const addresses = new WeakMap<IncomingMessage, string | null>();

  function providerOf(issuer: string): Provider {
    const known = providers.get(issuer);
    if (known) return known;
    const made = createProvider({
      issuer,
      config,
      core,
      store,
      keys,
      log,
      documents: kept,
      countRefresh: (grantId) => deps.access.limits.client(`refresh/${grantId}`, null, refreshesPerMinute),
      accountOf: (request) => accounts.get(request) ?? null,
      isLetIn: (request) => letIn.has(request),
      // A client id is a URL that the hub fetches for an anonymous caller.
      mayFetch: (request) =>
        deps.access.limits.client('document', addresses.get(request) ?? null, documentsPerMinute).allowed,
    });
    setBounded(providers, issuer, made, mostProviders);
    return made;
  }

  function issuerOf({ headers }: IncomingMessage): string | null {
    return issuerFor(config.publicUrl, headers.host);
  }

  /** Remembers the account that the browser's cookie belongs to. */
  async function noteAccount(request: IncomingMessage): Promise<void> {
    function header(name: string) {
      return name === 'cookie' ? request.headers.cookie : undefined;
    }
    const { actor } = await identify(core, header, sessionCookieName);
    if (actor.type !== 'user') return;
    accounts.set(request, actor.id);
    const clientId = new URL(request.url ?? '/', 'http://hub').searchParams.get('client_id');
    if (clientId !== null && (await store.isLetIn(actor.id, clientId))) letIn.add(request);
  }

  function document(pathname: string, issuer: string): unknown {
    if (serverPaths.has(pathname))
      return serverDocument(issuer, { registration: config.oauth.registration, isOpenId: pathname === openIdPath });
    const target = findMcpTarget(pathname.slice(resourcePath.length) || '/mcp');
    return target && target.route !== 'messages' ? resourceDocument(target, issuer) : null;
  }

  async function engine({ request, response, headers, address }: OauthExchange, pathname: string, issuer: string) {
    // Not by the path of the way back: it ends with an id, and ids of a caller's choice would be counters without end.
    const counted = resumed.test(pathname) ? `${paths.authorization}/` : pathname;
    const limited = deps.access.limits.client(counted, address, limits[counted] ?? 600);
    if (!limited.allowed) {
      const text = 'Too many requests of this kind came from your network. Try again in a minute.';
      const retry = { 'retry-after': String(limited.retryAfterSeconds) };
      request.resume();
      return writeAnswer(response, problem(429, 'temporarily_unavailable', text, retry), headers);
    }
    addresses.set(request, address);
    const own = new URL(issuer);
    request.headers.host = own.host;
    request.headers['x-forwarded-proto'] = own.protocol.slice(0, -1);
    delete request.headers['x-forwarded-host'];
    if (pathname === paths.authorization) request.url = normalized(request.url ?? '', issuer);
    if (pathname.startsWith(paths.authorization)) await noteAccount(request);
    // Only the authorization endpoint answers with pages: some clients send `Accept: text/html` everywhere.
    if (!pathname.startsWith(paths.authorization)) request.headers.accept = 'application/json';
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // The engine's own page, which posts the answer of `form_post`.
    if (pathname.startsWith(paths.authorization))
      response.setHeader('content-security-policy', "frame-ancestors 'none'");
    await loadEngine();
    await providerOf(issuer).callback()(request, response);
  }

  return {
    has(pathname) {
      if (serverPaths.has(pathname) || methods.has(pathname) || resumed.test(pathname)) return true;
      return pathname === resourcePath || pathname.startsWith(`${resourcePath}/`);
    },
    answer(exchange, pathname) {
      const { request, response, headers } = exchange;
      const { method = 'GET' } = request;
      const isDocument = pathname.startsWith('/.well-known/');
      const allowed = isDocument || resumed.test(pathname) ? 'GET' : (methods.get(pathname) ?? 'GET');
      if (method !== allowed && !(method === 'HEAD' && allowed === 'GET')) {
        request.resume();
        const text = `This path answers ${allowed}, not ${method}.`;
        return writeAnswer(response, problem(405, 'invalid_request', text, { allow: allowed }), headers);
      }
      const issuer = issuerOf(request);
      if (issuer === null) {
        request.resume();
        const text = `Clients sign in where the hub has a public address with https (PUBLIC_URL), or on the machine that it runs on; not at "${request.headers.host ?? ''}".`;
        return writeAnswer(response, problem(404, 'not_found', text), headers);
      }
      if (pathname === paths.registration && !config.oauth.registration) {
        request.resume();
        const text = 'Clients do not register at this hub: use a metadata document, or a machine client.';
        return writeAnswer(response, problem(404, 'not_found', text), headers);
      }
      if (!isDocument) return engine(exchange, pathname, issuer);
      const body = document(pathname, issuer);
      const open = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' };
      if (body === null)
        return writeAnswer(response, problem(404, 'not_found', 'There is no MCP endpoint here.'), headers);
      return writeAnswer(response, { status: 200, headers: open, body }, headers);
    },
    challenge(host, target, told) {
      const issuer = issuerFor(config.publicUrl, host);
      return issuer === null ? null : challengeOf(target, issuer, told);
    },
    close: documents.close,
  };
}
