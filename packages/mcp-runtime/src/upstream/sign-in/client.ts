import { createPrivateKey } from 'node:crypto';
import {
  ClientCredentialsProvider,
  createPrivateKeyJwtAuth,
  PrivateKeyJwtProvider,
  registerClient,
  type AddClientAuthentication,
} from '@modelcontextprotocol/client';
import { say } from '../../reasons.ts';
import { saidIn } from '../links/said.ts';
import type { Attempt } from './attempt.ts';
import type { Discovered } from './discover.ts';
import {
  SignInError,
  type BeginRequest,
  type SignInRequest,
  type SignInSettings,
  type UpstreamClient,
} from './types.ts';

const clientName = 'Switchboard';

function isLoopback(redirectUri: string): boolean {
  const { hostname } = new URL(redirectUri);
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

/** What the hub says of itself as a client, in its document and where it registers. */
export function clientMetadata(redirectUri: string) {
  return {
    client_name: clientName,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    application_type: isLoopback(redirectUri) ? 'native' : 'web',
  };
}

/** The client that the owner gave; refused for another authorization server than the one that it is for. */
export function givenClient(issuer: string, { settings, pinned }: Pick<SignInRequest, 'settings' | 'pinned'>) {
  const { clientId, clientSecret, privateKey } = settings;
  if (clientId === null) return null;
  if (settings.issuer === null && pinned !== null && pinned !== issuer) {
    throw new SignInError('untrusted', say('signInMoved', { before: saidIn(pinned), now: saidIn(issuer) }));
  }
  const client: UpstreamClient = {
    issuer,
    kind: 'given',
    clientId,
    ...(clientSecret !== null && { clientSecret }),
    ...(privateKey !== null && { privateKey }),
  };
  return client;
}

/** How the hub is known to an authorization server: as it was told, by its document, or registered now. */
export async function chooseClient(
  attempt: Attempt,
  { server, metadata }: Discovered,
  request: BeginRequest,
): Promise<UpstreamClient> {
  const { issuer } = server;
  const { redirectUri, documentUrl } = request;
  const given = givenClient(issuer, request);
  if (given !== null) {
    attempt.note('client', `The client id of the settings is used: ${saidIn(given.clientId)}.`);
    return given;
  }
  const known = await request.known(issuer);
  const isGone = known?.expiresAt !== undefined && known.expiresAt <= Date.now();
  if (known?.kind === 'registered' && known.redirectUri === redirectUri && !isGone) {
    attempt.note('client', 'The hub is registered there already.');
    return known;
  }
  if (documentUrl !== null && metadata?.client_id_metadata_document_supported === true) {
    attempt.note('client', 'The hub is known by its document.', documentUrl);
    return { issuer, kind: 'document', clientId: documentUrl };
  }
  if (metadata !== null && metadata.registration_endpoint === undefined) {
    throw new SignInError('client', say('signInClient', { issuer: saidIn(issuer), url: redirectUri }));
  }
  return register(attempt, { server, metadata }, redirectUri);
}

/** The hub can keep a secret, so it takes one where it may. */
function authMethodOf(supported: readonly string[]): string {
  const wanted = ['client_secret_basic', 'client_secret_post', 'none'];
  return wanted.find((method) => supported.includes(method)) ?? 'client_secret_basic';
}

async function register(
  attempt: Attempt,
  { server, metadata }: Pick<Discovered, 'server' | 'metadata'>,
  redirectUri: string,
): Promise<UpstreamClient> {
  const { issuer } = server;
  const made = await attempt.step(
    'client',
    () =>
      registerClient(issuer, {
        ...(metadata !== null && { metadata }),
        clientMetadata: {
          ...clientMetadata(redirectUri),
          token_endpoint_auth_method: authMethodOf(server.authMethods),
        },
        fetchFn: attempt.fetch,
      }),
    () => 'The hub registered itself.',
  );
  const { client_id: clientId, client_secret: secret, token_endpoint_auth_method: authMethod } = made;
  const expires = made.client_secret_expires_at ?? 0;
  return {
    issuer,
    kind: 'registered',
    clientId,
    redirectUri,
    ...(secret !== undefined && { clientSecret: secret }),
    ...(authMethod !== undefined && { authMethod }),
    ...(expires > 0 && { expiresAt: expires * 1000 }),
  };
}

/** What the SDK calls a client. */
export function clientInformation(client: UpstreamClient) {
  const { clientId, clientSecret, authMethod } = client;
  return {
    client_id: clientId,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    ...(authMethod !== undefined && { token_endpoint_auth_method: authMethod }),
  };
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

/** A private key as the SDK wants it, with the algorithm that is its own. */
function signingKey(text: string): { privateKey: string; algorithm: string } {
  try {
    const key = createPrivateKey(text);
    const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
    const algorithm = key.asymmetricKeyType === 'rsa' ? 'RS256' : curves[curve];
    if (algorithm !== undefined) {
      return { algorithm, privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
    }
  } catch {
    // Told below, without anything of the key.
  }
  throw new SignInError('client', say('signInKey'));
}

/** Signs requests of a client that has a key; undefined for all others. */
export function signsWith(client: UpstreamClient): AddClientAuthentication | undefined {
  if (client.privateKey === undefined) return undefined;
  const { privateKey, algorithm } = signingKey(client.privateKey);
  return createPrivateKeyJwtAuth({ issuer: client.clientId, subject: client.clientId, privateKey, alg: algorithm });
}

/** Asks for tokens as the client itself. */
export function machineProvider(client: UpstreamClient, { audience }: SignInSettings) {
  const { clientId, clientSecret, privateKey, issuer: expectedIssuer } = client;
  const provider =
    privateKey === undefined
      ? new ClientCredentialsProvider({ clientId, clientSecret: clientSecret ?? '', clientName, expectedIssuer })
      : new PrivateKeyJwtProvider({ clientId, ...signingKey(privateKey), clientName, expectedIssuer });
  const prepare = provider.prepareTokenRequest.bind(provider);
  provider.prepareTokenRequest = (scope) => {
    const params = prepare(scope);
    if (audience !== null) params.set('audience', audience);
    return params;
  };
  return provider;
}
