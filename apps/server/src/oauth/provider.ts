import type { IncomingMessage } from 'node:http';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { type Core, type Log, messageOf } from '@switchboard/core';
import { machineMark, mcpScopes, oauthCookie, type OauthStore } from '@switchboard/core/oauth';
import type { Config } from '../config.ts';
import { adapterOf } from './adapter.ts';
import { endpointOf, resourceOf } from './addresses.ts';
import { completeClient, eitherMark, isDocument, methodChoices } from './client-rules.ts';
import { engine } from './engine.ts';
import { errorPage } from './error-page.ts';
import { holdError } from './held-errors.ts';
import type { KeptDocuments } from './kept-documents.ts';
import { cookieKey, signingKey } from './keys.ts';
import { DocumentAway } from './metadata-fetch.ts';
import { assertionAlgorithms, authMethods, paths } from './offer.ts';
import { detailsOf } from './request-details.ts';

/** How long a person may take to answer, signing in included. */
const interactionSeconds = 30 * 60;
const codeSeconds = 60;
/** Longest address of a metadata document, in bytes: grants are found by it. */
const longestId = 2_048;

export interface ProviderOptions {
  issuer: string;
  config: Pick<Config, 'oauth' | 'publicUrl'>;
  core: Core;
  store: OauthStore;
  keys: { cookies: Uint8Array; signing: Uint8Array };
  log: Log;
  documents: KeptDocuments;
  /** Counts a refresh of a grant. */
  countRefresh(grantId: string): { allowed: boolean };
  /** The account that is signed in at the browser of a request; null: none. */
  accountOf(request: IncomingMessage): string | null;
  /** Whether the person who is signed in at the browser of a request has let its client in. */
  isLetIn(request: IncomingMessage): boolean;
  /** Whether the sender of a request may make the hub fetch one more document. */
  mayFetch(request: IncomingMessage): boolean;
}

/** Every authorization request needs consent: an earlier grant does not prove that the same program asks. */
function policyFor({ issuer, accountOf }: ProviderOptions) {
  const { Check, Prompt } = engine().interactionPolicy;
  const unanswered = new Check(
    'unanswered',
    'a person has to answer',
    'consent_required',
    // The code goes only to a browser in which the person who answered is signed in: cookies of the engine may have been
    // planted. Anybody else is asked anew.
    ({ req, oidc: { result } }: KoaContextWithOIDC) =>
      result?.consent?.grantId === undefined || result.login?.accountId !== accountOf(req),
    (ctx: KoaContextWithOIDC) => ({ request: detailsOf(ctx, issuer, accountOf(ctx.req)) }),
  );
  return [new Prompt({ name: 'consent', requestable: true }, unanswered)];
}

/** Narrows the request of a machine to the scopes that it has, all of them where it names none. */
function askForScopes({ oidc }: KoaContextWithOIDC, granted: readonly string[]): void {
  const { params } = oidc;
  if (!params) return;
  const asked = typeof params['scope'] === 'string' ? params['scope'].split(' ').filter(Boolean) : [];
  const scopes = granted.filter((scope) => asked.length === 0 || asked.includes(scope));
  if (scopes.length === 0) {
    throw new (engine().errors.InvalidScope)(`this client may ask for ${granted.join(' ')}`, asked.join(' '));
  }
  params['scope'] = scopes.join(' ');
}

function featuresFor({ issuer, config, store, mayFetch }: ProviderOptions): Configuration['features'] {
  const scope = mcpScopes.join(' ');
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    clientCredentials: { enabled: true },
    registration: { enabled: config.oauth.registration, issueRegistrationAccessToken: false },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId },
    clientIdMetadataDocument: {
      enabled: true,
      ack: 'draft-02',
      cacheDuration: { min: 60, max: 86_400 },
      allowFetch: (ctx, id) => Buffer.byteLength(id) <= longestId && mayFetch(ctx.req),
      allowClient({ oidc }, client) {
        const isProved = oidc.params?.['client_assertion'] !== undefined;
        // A client of a document is made for each request.
        if (client.metadata()[eitherMark] === true && !isProved)
          Object.assign(client, { tokenEndpointAuthMethod: 'none' });
        return true;
      },
    },
    resourceIndicators: {
      enabled: true,
      async defaultResource(_ctx, client, oneOf) {
        const [first] = Array.isArray(oneOf) ? oneOf : [];
        if (first !== undefined) return first;
        const endpoint = (client && (await store.machine(client.clientId))?.endpoint) ?? 'all';
        return resourceOf({ endpoint, route: 'streamable' }, issuer);
      },
      useGrantedResource: () => true,
      async getResourceServerInfo(ctx, resource, client) {
        const target = endpointOf(resource, issuer);
        if (target === null) throw new (engine().errors.InvalidTarget)('resource is no MCP endpoint of this hub');
        const machine = client.metadata()[machineMark] === true ? await store.machine(client.clientId) : null;
        if (machine) askForScopes(ctx, machine.scopes);
        return { scope, audience: target.endpoint, accessTokenFormat: 'opaque' };
      },
    },
  };
}

/** Refuses a foreign resource before the refresh token is spent; the engine would spend it first. */
function checkResource({ oidc }: KoaContextWithOIDC, token: unknown): void {
  const { params } = oidc;
  if (params?.['grant_type'] !== 'refresh_token' || params['resource'] === undefined) return;
  const asked = [params['resource']].flat();
  const given = [Reflect.get(Object(token), 'resource') as unknown].flat();
  if (asked.length !== 1 || !given.includes(asked[0]))
    throw new (engine().errors.InvalidTarget)('resource is not the one that the refresh token was given for');
}

function tooMany(): Error {
  const error = new (engine().errors.TemporarilyUnavailable)(
    'The client refreshed its token too often. Try again in a minute.',
  );
  return Object.assign(error, { status: 429, statusCode: 429 });
}

function configurationFor(options: ProviderOptions): Configuration {
  const { issuer, config, core, store, keys } = options;
  return {
    adapter: adapterOf(store),
    clients: [],
    clientAuthMethods: [...authMethods],
    clientBasedCORS: () => true,
    clientDefaults: { grant_types: ['authorization_code', 'refresh_token'], id_token_signed_response_alg: 'Ed25519' },
    cookies: {
      keys: [cookieKey(keys.cookies)],
      names: cookieNames(issuer),
      long: cookieOf(issuer),
      short: cookieOf(issuer),
    },
    enabledJWA: { idTokenSigningAlgValues: ['Ed25519'], clientAuthSigningAlgValues: [...assertionAlgorithms] },
    expiresWithSession: () => false,
    extraClientMetadata: {
      properties: ['software_id', methodChoices, machineMark, eitherMark],
      validator: (_ctx, _key, _value, metadata) => completeClient(metadata),
    },
    features: featuresFor(options),
    fetch: options.documents.fetch,
    findAccount(ctx, accountId, token) {
      checkResource(ctx, token);
      const user = core.deps.access.directory.user(accountId);
      if (!user || user.disabled) return undefined;
      return { accountId, claims: () => ({ sub: accountId }) };
    },
    interactions: { policy: policyFor(options), url: pageOf(issuer) },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    jwks: { keys: [signingKey(keys.signing)] },
    loadExistingGrant(ctx) {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? Promise.resolve(undefined) : ctx.oidc.provider.Grant.find(grantId);
    },
    pkce: { required: () => true },
    renderError: (ctx, out, error) => errorPage(ctx, out, error),
    responseTypes: ['code'],
    revokeGrantPolicy: () => true,
    rotateRefreshToken(ctx) {
      const { allowed } = options.countRefresh(ctx.oidc.entities.Grant?.jti ?? '');
      if (!allowed) throw tooMany();
      return true;
    },
    routes: { ...paths, end_session: '/oauth/end' },
    scopes: [],
    ttl: livesOf(config.oauth),
  };
}

function cookieOf(issuer: string) {
  const secure = issuer.startsWith('https:');
  return { httpOnly: true, sameSite: 'lax', secure, signed: true, overwrite: true } as const;
}

/** At https, nothing that is not https can set cookies of these names; the paths of two forbid `__Host-`. */
function cookieNames(issuer: string) {
  const [whole, below] = issuer.startsWith('https:') ? ['__Host-', '__Secure-'] : ['', ''];
  return {
    session: `${whole}oauth_session`,
    interaction: `${below}oauth_interaction`,
    resume: `${below}oauth_resume`,
  };
}

/** The URL of the consent page. A cookie ties the request to the browser that began it. */
function pageOf(issuer: string) {
  const { secure } = cookieOf(issuer);
  // The prefix of the name at https asks for the root.
  const path = secure ? '/' : '/trpc';
  const cookie = { ...cookieOf(issuer), signed: false, path, maxAge: interactionSeconds * 1000 };
  return (ctx: KoaContextWithOIDC, { uid }: { uid: string }) => {
    ctx.cookies.set(oauthCookie(uid, issuer), '1', cookie);
    return `/ui/oauth/${uid}`;
  };
}

/** Lifetimes in seconds. */
function livesOf({ accessSeconds, refreshSeconds }: Config['oauth']) {
  return {
    AccessToken: accessSeconds,
    AuthorizationCode: codeSeconds,
    ClientCredentials: accessSeconds,
    Grant: refreshSeconds,
    IdToken: codeSeconds,
    Interaction: interactionSeconds,
    RefreshToken: refreshSeconds,
    Session: codeSeconds,
  };
}

/** Whether an error only says that a document could not be fetched now. */
function isAway(error: unknown, depth = 0): boolean {
  if (error instanceof engine().errors.InvalidClient && error.error_description?.endsWith('fetch not allowed'))
    return true;
  if (error instanceof DocumentAway) return true;
  return error instanceof Error && depth < 4 && isAway(error.cause, depth + 1);
}

/** Answers 503 where a document could not be fetched: at `invalid_client`, clients throw their tokens away. */
function answerAway(ctx: KoaContextWithOIDC, error: unknown): void {
  if (!isAway(error)) return;
  ctx.status = 503;
  ctx.set('retry-after', '30');
  const error_description = 'The metadata of the client cannot be fetched now. Try again in a while.';
  ctx.body = { error: 'temporarily_unavailable', error_description };
}

/** Gives the code of RFC 6749 where a client uses a grant type that is not its own; the engine has a more general one. */
function answerUnauthorized(ctx: KoaContextWithOIDC): void {
  const { client, params } = ctx.oidc;
  const type = params?.['grant_type'];
  if (client === undefined || typeof type !== 'string' || client.grantTypeAllowed(type)) return;
  if (Reflect.get(Object(ctx.body), 'error') === 'invalid_request')
    ctx.body = { ...Object(ctx.body), error: 'unauthorized_client' };
}

/** Keeps the document of a client that got a token. */
function keepDocumentOf({ documents, log }: ProviderOptions, { oidc: { client } }: KoaContextWithOIDC): void {
  if (!client || !isDocument(client.clientId)) return;
  documents.keep(client.clientId).catch((error: unknown) => {
    log.warn({ error: messageOf(error) }, 'The metadata document of a client was not kept');
  });
}

/** Makes the engine for one issuer, once it is loaded. */
export function createProvider(options: ProviderOptions): Provider {
  const { issuer, log } = options;
  const provider = new (engine().Provider)(issuer, configurationFor(options));
  // URLs are made of the request's headers, where the door puts the issuer.
  provider.proxy = true;
  provider.on('server_error', (ctx, error) => {
    log.error({ path: ctx.path, error: messageOf(error) }, 'The authorization server failed');
  });
  function hold(ctx: KoaContextWithOIDC, error: Error): void {
    // On the way back a person has seen the request.
    if (ctx.oidc.route === 'authorization' && !options.isLetIn(ctx.req)) holdError(ctx, error);
  }
  provider.on('authorization.error', hold);
  provider.on('server_error', hold);
  provider.on('grant.error', answerAway);
  provider.on('grant.error', answerUnauthorized);
  provider.on('revocation.error', answerAway);
  provider.on('grant.success', (ctx) => keepDocumentOf(options, ctx));
  return provider;
}
