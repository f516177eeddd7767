import {
  computeScopeUnion,
  exchangeAuthorization,
  fetchToken,
  refreshAuthorization,
  selectClientAuthMethod,
  startAuthorization,
  validateAuthorizationResponseIssuer,
} from '@modelcontextprotocol/client';
import { say } from '../../reasons.ts';
import type { HttpClient } from '../links/http-client.ts';
import { saidIn } from '../links/said.ts';
import { beginAttempt, shownUrl, type Attempt } from './attempt.ts';
import { chooseClient, clientInformation, givenClient, machineProvider, signsWith } from './client.ts';
import { discover, type Discovered } from './discover.ts';
import { scopesIn } from './scopes.ts';
import {
  SignInError,
  type BeginRequest,
  type FinishRequest,
  type IssuerNow,
  type PendingSignIn,
  type RefreshRequest,
  type ServerMetadata,
  type SignInProtocol,
  type SignInRequest,
  type SignInSettings,
  type UpstreamClient,
  type UpstreamGrant,
} from './types.ts';

/** What one part of the hub alone says of an authorization request. */
const ours = new Set([
  'response_type',
  'client_id',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
  'scope',
  'resource',
  'response_mode',
  'request',
  'request_uri',
]);

/** The SDK's form of the metadata that is kept. */
function sdkMetadata({ issuer, authorizationEndpoint, tokenEndpoint, authMethods, sendsIssuer }: ServerMetadata) {
  return {
    issuer,
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
    response_types_supported: ['code'],
    token_endpoint_auth_methods_supported: [...authMethods],
    authorization_response_iss_parameter_supported: sendsIssuer,
  };
}

function scopeOf({ scope, metadata }: Discovered, settings: SignInSettings, granted: string | null): string | null {
  if (settings.scopes !== null) return settings.scopes.length === 0 ? null : settings.scopes.join(' ');
  const wanted = computeScopeUnion(granted ?? undefined, scopesIn(scope) ?? undefined);
  if (wanted === undefined) return null;
  const lasts = settings.flow === 'person' && metadata?.scopes_supported?.includes('offline_access') === true;
  return computeScopeUnion(wanted, lasts ? 'offline_access' : undefined) ?? null;
}

function resourceOf({ resource }: Discovered, { sendResource }: SignInSettings): string | null {
  return sendResource ? resource : null;
}

async function begin(attempt: Attempt, request: BeginRequest): Promise<{ url: string; pending: PendingSignIn }> {
  const { settings, redirectUri, state, launch } = request;
  const found = await discover(attempt, request);
  const client = await chooseClient(attempt, found, request);
  const scope = scopeOf(found, settings, request.grantedScope);
  const resource = resourceOf(found, settings);
  const { server } = found;
  const { authorizationUrl: url, codeVerifier } = await startAuthorization(server.issuer, {
    metadata: sdkMetadata(server),
    clientInformation: clientInformation(client),
    redirectUrl: redirectUri,
    state,
    ...(scope !== null && { scope }),
    ...(resource !== null && { resource }),
  });
  if (settings.audience !== null) url.searchParams.set('audience', settings.audience);
  for (const [name, value] of Object.entries(settings.parameters)) {
    if (!ours.has(name)) url.searchParams.set(name, value);
  }
  const asked = scope === null ? 'no scopes' : `the scopes ${scope}`;
  attempt.note('authorize', `The person is sent to sign in; ${asked} are asked for.`, shownUrl(url.href));
  const pending = { url: launch.url, server, client, verifier: codeVerifier, redirectUri, resource, scope };
  return { url: url.href, pending };
}

/** Parameters of an answer that may come once only: of two nobody knows which one was meant. */
const single = ['code', 'state', 'iss', 'error'];

/** The code of an answer, once it is certain whose answer it is. */
function codeOf({ pending, answer }: FinishRequest): string {
  if (single.some((name) => answer.getAll(name).length > 1)) {
    throw new SignInError('untrusted', say('signInAnswer', { reason: 'a parameter comes twice' }));
  }
  const { server } = pending;
  validateAuthorizationResponseIssuer({
    iss: answer.get('iss') ?? undefined,
    expectedIssuer: server.stated ? server.issuer : undefined,
    issParameterSupported: server.sendsIssuer,
  });
  const error = answer.get('error');
  if (error !== null) {
    const said = saidIn(answer.get('error_description') ?? '');
    const reason = said === '' ? saidIn(error) : `${saidIn(error)}: ${said}`;
    const isClient = error === 'unauthorized_client' || error === 'invalid_client';
    throw new SignInError(isClient ? 'unknown-client' : 'refused', say('signInRefused', { reason }));
  }
  const code = answer.get('code');
  if (code === null || code === '') {
    throw new SignInError('untrusted', say('signInAnswer', { reason: 'it has neither a code nor an error' }));
  }
  return code;
}

async function finish(attempt: Attempt, request: FinishRequest): Promise<UpstreamGrant> {
  const { pending, answer } = request;
  const { url, server, client, resource, scope, verifier, redirectUri } = pending;
  const code = await attempt.step(
    'answer',
    async () => codeOf(request),
    () => `The answer is from ${server.issuer}.`,
  );
  const signs = signsWith(client);
  const iss = answer.get('iss');
  const tokens = await attempt.step(
    'token',
    () =>
      exchangeAuthorization(server.issuer, {
        ...(server.stated && { metadata: sdkMetadata(server) }),
        clientInformation: clientInformation(client),
        authorizationCode: code,
        ...(iss !== null && server.stated && { iss }),
        codeVerifier: verifier,
        redirectUri,
        ...(resource !== null && { resource }),
        ...(signs !== undefined && { addClientAuthentication: signs }),
        fetchFn: attempt.fetch,
      }),
    () => 'Tokens came.',
  );
  return toGrant(tokens, { url, server, client, resource, scope });
}

type Tokens = Awaited<ReturnType<typeof exchangeAuthorization>>;

/** A value that a header may hold. */
const tokenPattern = /^[\x21-\x7e]+$/;
const longestToken = 16_384;

function toGrant(
  tokens: Tokens,
  asked: Pick<UpstreamGrant, 'url' | 'server' | 'client' | 'resource' | 'scope'>,
): UpstreamGrant {
  const {
    access_token: accessToken,
    token_type: type,
    refresh_token: refreshToken,
    scope,
    expires_in: seconds,
  } = tokens;
  if (type.toLowerCase() !== 'bearer') {
    throw new SignInError('untrusted', say('signInAnswer', { reason: 'its token is of another type than Bearer' }));
  }
  if (accessToken.length > longestToken || !tokenPattern.test(accessToken)) {
    throw new SignInError('untrusted', say('signInAnswer', { reason: 'its token is none that a header may hold' }));
  }
  const lasts = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
  return {
    ...asked,
    scope: scopesIn(scope) ?? asked.scope,
    asked: asked.scope,
    accessToken,
    refreshToken: refreshToken ?? null,
    expiresAt: lasts ? Date.now() + Math.min(seconds, 31_536_000) * 1000 : null,
  };
}

async function client(attempt: Attempt, request: SignInRequest): Promise<UpstreamGrant> {
  const { settings, launch } = request;
  const found = await discover(attempt, request);
  const { server } = found;
  const own = givenClient(server.issuer, request);
  if (own === null) throw new SignInError('client', say('signInClientFlow'));
  const scope = scopeOf(found, settings, request.grantedScope);
  const resource = resourceOf(found, settings);
  const provider = machineProvider(own, settings);
  const tokens = await attempt.step(
    'token',
    () =>
      fetchToken(provider, server.issuer, {
        metadata: sdkMetadata(server),
        ...(resource !== null && { resource }),
        ...(scope !== null && { scope }),
        fetchFn: attempt.fetch,
      }),
    () => 'A token came.',
  );
  return toGrant({ ...tokens, refresh_token: undefined }, { url: launch.url, server, client: own, resource, scope });
}

async function refresh(attempt: Attempt, { grant }: RefreshRequest): Promise<UpstreamGrant> {
  const { url, server, client: own, resource, scope, asked, refreshToken } = grant;
  if (refreshToken === null) throw new SignInError('ended', say('signInOver'));
  const signs = signsWith(own);
  const tokens = await attempt.step(
    'refresh',
    () =>
      refreshAuthorization(server.issuer, {
        metadata: sdkMetadata(server),
        clientInformation: clientInformation(own),
        refreshToken,
        ...(resource !== null && { resource }),
        ...(signs !== undefined && { addClientAuthentication: signs }),
        fetchFn: attempt.fetch,
      }),
    () => 'Fresh tokens came.',
  );
  return { ...toGrant(tokens, { url, server, client: own, resource, scope }), asked };
}

async function revoke(attempt: Attempt, { grant }: RefreshRequest): Promise<void> {
  const { server, client: own, refreshToken, accessToken } = grant;
  if (server.revocationEndpoint === null) return;
  const endpoint = server.revocationEndpoint;
  const isSafe = new URL(endpoint).protocol === 'https:' || new URL(server.tokenEndpoint).protocol === 'http:';
  if (!isSafe) return;
  const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' });
  const hint = refreshToken === null ? 'access_token' : 'refresh_token';
  const params = new URLSearchParams({ token: refreshToken ?? accessToken, token_type_hint: hint });
  const signs = signsWith(own);
  if (signs === undefined) authenticate(own, server, { headers, params });
  else await signs(headers, params, endpoint, sdkMetadata(server));
  await attempt.step(
    'revoke',
    () => attempt.fetch(endpoint, { method: 'POST', headers, body: params }),
    (response) => `It was told that the sign-in is over (HTTP ${response.status}).`,
  );
}

function authenticate(
  own: UpstreamClient,
  { authMethods }: ServerMetadata,
  { headers, params }: { headers: Headers; params: URLSearchParams },
): void {
  const { clientId, clientSecret = '' } = own;
  const method = selectClientAuthMethod(clientInformation(own), [...authMethods]);
  if (method === 'client_secret_basic') {
    headers.set('authorization', `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`);
    return;
  }
  params.set('client_id', clientId);
  if (method === 'client_secret_post') params.set('client_secret', clientSecret);
}

async function issuerNow(
  attempt: Attempt,
  request: Omit<SignInRequest, 'grantedScope' | 'pinned'>,
): Promise<IssuerNow> {
  const { server, isCertain } = await discover(attempt, request);
  // Of what cannot be read now nothing is concluded.
  if (!isCertain) throw new SignInError('unreachable', say('signInNoMetadata', { issuer: saidIn(server.issuer) }));
  return { issuer: server.issuer, isStated: server.stated };
}

/** Gives the client that a launch is reached with, for as long as something needs it. */
export type TakeClient = (launch: SignInRequest['launch']) => { client: HttpClient; release: () => void };

/** The hub as a client of authorization servers, over connections that are guarded as those to the servers are. */
export function createSignInProtocol(take: TakeClient): SignInProtocol {
  async function attempted<Given extends Pick<SignInRequest, 'launch' | 'signal' | 'step'>, Result>(
    request: Given,
    run: (attempt: Attempt, request: Given) => Promise<Result>,
  ): Promise<Result> {
    const { client: http, release } = take(request.launch);
    try {
      return await run(beginAttempt(http, request), request);
    } finally {
      release();
    }
  }
  return {
    begin: (request) => attempted(request, begin),
    finish: (request) => attempted(request, finish),
    client: (request) => attempted(request, client),
    refresh: (request) => attempted(request, refresh),
    revoke: (request) => attempted(request, revoke),
    issuer: (request) => attempted(request, issuerNow),
  };
}
