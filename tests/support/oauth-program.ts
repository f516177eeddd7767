import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Client,
  type OAuthClientMetadata,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';

/** An MCP client as it runs on somebody's computer: it signs in through a browser and listens for the answer there. */
export interface OauthProgram extends AsyncDisposable {
  /** Connects, or gives the address at which a person has to sign in first. */
  connect(): Promise<Client | URL>;
  /** Waits until the browser came back, and finishes the sign-in with what it brought; throws what was refused. */
  finish(): Promise<void>;
}

interface Kept {
  client: Parameters<NonNullable<OAuthClientProvider['saveClientInformation']>>[0] | undefined;
  tokens: Parameters<OAuthClientProvider['saveTokens']>[0] | undefined;
  verifier: string;
  address: URL | undefined;
  discovered: Parameters<NonNullable<OAuthClientProvider['saveDiscoveryState']>>[0] | undefined;
}

function providerOf(name: string, redirectUrl: string, kept: Kept): OAuthClientProvider {
  const clientMetadata: OAuthClientMetadata = {
    client_name: name,
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  return {
    redirectUrl,
    clientMetadata,
    state: () => 'state-of-the-program',
    clientInformation: () => kept.client,
    saveClientInformation: (client) => void (kept.client = client),
    tokens: () => kept.tokens,
    saveTokens: (tokens) => void (kept.tokens = tokens),
    redirectToAuthorization: (address) => void (kept.address = address),
    saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
    codeVerifier: () => kept.verifier,
    saveDiscoveryState: (discovered) => void (kept.discovered = discovered),
    discoveryState: () => kept.discovered,
    invalidateCredentials(what) {
      if (what === 'all' || what === 'tokens') kept.tokens = undefined;
      if (what === 'all' || what === 'client') kept.client = undefined;
    },
  };
}

/** Opens such a program for one endpoint; it knows nothing of the hub but the URL. */
export async function openOauthProgram(url: string, name: string): Promise<OauthProgram> {
  const came = Promise.withResolvers<URLSearchParams>();
  const listener = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    response.setHeader('content-type', 'text/html').end('<title>Done</title><p>You can go back to the program.</p>');
    if (pathname === '/callback') came.resolve(searchParams);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const redirectUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/callback`;
  const kept: Kept = { client: undefined, tokens: undefined, verifier: '', address: undefined, discovered: undefined };
  const authProvider = providerOf(name, redirectUrl, kept);
  const open = new Set<Client>();
  let transport = new StreamableHTTPClientTransport(new URL(url), { authProvider });
  return {
    async connect() {
      const client = new Client({ name, version: '1.0.0' });
      transport = new StreamableHTTPClientTransport(new URL(url), { authProvider });
      try {
        await client.connect(transport);
        open.add(client);
        return client;
      } catch (error) {
        if (!(error instanceof UnauthorizedError) || kept.address === undefined) throw error;
        return kept.address;
      }
    },
    finish: async () => transport.finishAuth(await came.promise),
    async [Symbol.asyncDispose]() {
      await Promise.all([...open].map((client) => client.close()));
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
