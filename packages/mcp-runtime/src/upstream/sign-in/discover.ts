import {
  buildDiscoveryUrls,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/client';
import { isObject } from '@switchboard/basics';
import { say } from '../../reasons.ts';
import { LinkError } from '../link.ts';
import { saidIn } from '../links/said.ts';
import type { Attempt } from './attempt.ts';
import { isSameSite } from './sites.ts';
import { type Challenge, type ServerMetadata, SignInError, type SignInRequest, type SignInSettings } from './types.ts';

type Metadata = NonNullable<Awaited<ReturnType<typeof discoverAuthorizationServerMetadata>>>;

/** What is known of a server and of whoever signs people in to it. */
export interface Discovered {
  server: ServerMetadata;
  /** Null where endpoints are only supposed. */
  metadata: Metadata | null;
  /** What the server says that tokens have to be for. */
  resource: string | null;
  /** Scopes that the challenge named, else those that the server names. */
  scope: string | null;
  /** Whether all that was asked for gave an answer that can be used, or said that there is none. */
  isCertain: boolean;
}

interface Told {
  resourceMetadataUrl: URL | null;
  scope: string | null;
}

/** Reads a challenge; of an odd one only what is certain. */
export function readChallenge(challenge: Challenge | null): Told & { error: string | null } {
  const header = challenge?.header?.slice(0, 4096) ?? '';
  if (header === '') return { resourceMetadataUrl: null, scope: null, error: null };
  const headers = { 'www-authenticate': header.replace(/[^\t\x20-\x7e]/g, '') };
  const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(new Response(null, { headers }));
  return { resourceMetadataUrl: resourceMetadataUrl ?? null, scope: scope ?? null, error: error ?? null };
}

interface ProtectedResource {
  resource: string;
  servers: string[];
  scope: string | null;
}

interface Found {
  resource: ProtectedResource | null;
  isCertain: boolean;
}

/**
 * Where the server's own metadata says that people sign in; null where it has none. Many servers answer a page, an error
 * or a redirect to it where they have none, so that counts as none.
 */
async function findResource(attempt: Attempt, url: string, told: Told, hasIssuer: boolean): Promise<Found> {
  const places: (URL | null)[] = told.resourceMetadataUrl === null ? [null] : [told.resourceMetadataUrl, null];
  let isCertain = true;
  for (const place of places) {
    try {
      const resource = await attempt.step(
        'resource',
        () => readResource(attempt, url, place),
        (read) => (read === null ? 'No metadata of the server.' : `Tokens are for ${saidIn(read.resource)}.`),
      );
      if (resource !== null) return { resource, isCertain };
    } catch (error) {
      if (endsAttempt(error) || (!hasIssuer && isLie(error))) throw error;
      isCertain = false;
      // What stands at the root is looked at by itself only where the path has none.
      const isPath = place === null && new URL(url).pathname !== '/';
      if (isPath) places.push(new URL('/.well-known/oauth-protected-resource', url));
    }
  }
  return { resource: null, isCertain };
}

/** Whether nothing more may be asked: the attempt was given up, or took too many requests. */
function endsAttempt(error: unknown): boolean {
  return error instanceof SignInError && error.cause instanceof LinkError && error.cause.code === 'closed';
}

/** Whether metadata is there and says what it may not, or is no metadata of anybody who means well. */
function isLie(error: unknown): boolean {
  if (!(error instanceof SignInError)) return true;
  const { cause, failure } = error;
  return cause instanceof LinkError ? cause.code === 'too_large' || cause.code === 'protocol' : failure === 'untrusted';
}

async function readResource(attempt: Attempt, url: string, place: URL | null): Promise<ProtectedResource | null> {
  let status = 0;
  let text = '';
  async function fetch(asked: string | URL, init?: RequestInit): Promise<Response> {
    const response = await attempt.fetch(asked, init);
    ({ status } = response);
    text = await response.clone().text();
    return response;
  }
  const how = place === null ? {} : { resourceMetadataUrl: place };
  const found = await discoverOAuthProtectedResourceMetadata(url, how, fetch).catch((error: unknown) => {
    if (status >= 400 && status < 500) return null;
    if (error instanceof LinkError) throw error;
    const said =
      status >= 300 ? `HTTP ${status}: ${saidIn(text)}` : saidIn(error instanceof Error ? error.message : '');
    const failure = status < 300 && statesResource(text) ? 'untrusted' : 'refused';
    throw new SignInError(failure, say('signInAnswer', { reason: said }));
  });
  if (found === null) return null;
  if (!covers(found.resource, url)) {
    const names = { resource: saidIn(found.resource), url: new URL(url).origin };
    throw new SignInError('untrusted', say('signInResource', names));
  }
  const scope = found.scopes_supported?.join(' ') ?? '';
  return { resource: found.resource, servers: found.authorization_servers ?? [], scope: scope === '' ? null : scope };
}

/** Whether a text means to be metadata of a server. */
function statesResource(text: string): boolean {
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) && read['resource'] !== undefined;
  } catch {
    return false;
  }
}

/** Whether tokens for `resource` are for the server at `url`: the address itself, or one above it. */
function covers(resource: string, url: string): boolean {
  const outer = URL.parse(resource);
  const inner = new URL(url);
  if (outer === null || outer.origin !== inner.origin) return false;
  const path = outer.pathname.endsWith('/') ? outer.pathname : `${outer.pathname}/`;
  return `${inner.pathname}/`.startsWith(path) || inner.pathname.startsWith(path);
}

/** Finds whoever signs people in to a server. Rejects with SignInError. */
export async function discover(
  attempt: Attempt,
  request: Pick<SignInRequest, 'launch' | 'settings' | 'challenge'>,
): Promise<Discovered> {
  const { launch, settings, challenge } = request;
  const told = readChallenge(challenge);
  if (challenge !== null) attempt.note('challenge', `HTTP ${challenge.status}: ${saidIn(challenge.header ?? '')}`);
  const { resource, isCertain } = await findResource(attempt, launch.url, told, settings.issuer !== null);
  const issuers = settings.issuer === null ? (resource?.servers ?? []).slice(0, 4) : [settings.issuer];
  const stated = issuers.length > 0;
  // Servers of 2025-03-26 had their authorization server at their own origin, and no metadata of their own.
  if (!stated) issuers.push(new URL('/', launch.url).href);
  const { issuer, metadata, isFirst } = await firstThatAnswers(attempt, issuers);
  if (metadata === null && stated)
    throw new SignInError('untrusted', say('signInNoMetadata', { issuer: saidIn(issuer) }));
  return {
    server: metadata === null ? supposed(issuer) : readMetadata(metadata, settings),
    metadata,
    resource: resource?.resource ?? null,
    scope: told.scope ?? resource?.scope ?? null,
    isCertain: (isCertain || settings.issuer !== null) && isFirst,
  };
}

/** The first authorization server with metadata; `isFirst` where none before it failed. Rejects where one failed and none has any. */
async function firstThatAnswers(attempt: Attempt, issuers: readonly string[]) {
  const failures: unknown[] = [];
  for (const issuer of issuers) {
    const found = await metadataOf(attempt, issuer).catch((error: unknown) => {
      if (endsAttempt(error)) throw error;
      failures.push(error);
      return null;
    });
    if (found !== null) return { issuer, metadata: found, isFirst: failures.length === 0 };
  }
  if (failures.length > 0) throw failures[0];
  return { issuer: issuers[0] ?? '', metadata: null, isFirst: true };
}

function metadataOf(attempt: Attempt, issuer: string): Promise<Metadata | null> {
  return attempt.step(
    'issuer',
    async () => (await discoverAuthorizationServerMetadata(checkedIssuer(issuer), { fetchFn: attempt.fetch })) ?? null,
    (metadata) => {
      if (metadata !== null) return `The authorization server is ${saidIn(metadata.issuer)}.`;
      const tried = buildDiscoveryUrls(issuer).map(({ url }) => url.href);
      return `No metadata of an authorization server at ${tried.join(', ')}.`;
    },
  );
}

function checkedIssuer(issuer: string): string {
  requireWeb(issuer, 'issuer');
  return issuer;
}

/** An address that people or secrets are sent to is one of the web, and encrypted unless it is this machine. */
function requireWeb(text: string, name: string): void {
  const url = URL.parse(text);
  const isWeb = url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '';
  if (!isWeb) throw new SignInError('untrusted', say('signInAddress', { name, url: saidIn(text) }));
}

/**
 * A server that sends people to the page of one service and takes the code to another would have the token of the first:
 * neither can tell. Where the issuer says in each answer who it is, that is told by the answer.
 */
function requireOneSite(metadata: Metadata, { issuer: named }: SignInSettings): void {
  const { issuer, authorization_endpoint: authorize, token_endpoint: token } = metadata;
  const isTold = metadata.authorization_response_iss_parameter_supported === true;
  if (named !== null || isTold || isSameSite(authorize, token) || isSameSite(authorize, issuer)) return;
  const hosts = { page: new URL(authorize).host, token: new URL(token).host };
  throw new SignInError('untrusted', say('signInSites', { issuer: saidIn(issuer), ...hosts }));
}

function readMetadata(metadata: Metadata, settings: SignInSettings): ServerMetadata {
  const { assumePkce } = settings;
  const { issuer, authorization_endpoint: authorize, token_endpoint: token } = metadata;
  requireWeb(authorize, 'authorization_endpoint');
  requireWeb(token, 'token_endpoint');
  requireOneSite(metadata, settings);
  const methods = metadata.code_challenge_methods_supported;
  if (methods === undefined ? !assumePkce : !methods.includes('S256')) {
    throw new SignInError('untrusted', say('signInPkce', { issuer: saidIn(issuer) }));
  }
  const revoke = 'revocation_endpoint' in metadata ? metadata.revocation_endpoint : null;
  return {
    issuer,
    stated: true,
    authorizationEndpoint: authorize,
    tokenEndpoint: token,
    revocationEndpoint: typeof revoke === 'string' ? revoke : null,
    authMethods: metadata.token_endpoint_auth_methods_supported ?? [],
    sendsIssuer: metadata.authorization_response_iss_parameter_supported === true,
  };
}

function supposed(issuer: string): ServerMetadata {
  return {
    issuer,
    stated: false,
    authorizationEndpoint: new URL('/authorize', issuer).href,
    tokenEndpoint: new URL('/token', issuer).href,
    revocationEndpoint: null,
    authMethods: [],
    sendsIssuer: false,
  };
}
