import { createHash, randomBytes } from 'node:crypto';
import { adminPassword, type Json } from './app.ts';
import { type Browser, createBrowser } from './browser.ts';

export interface Person {
  browser: Browser;
  query(path: string, input: unknown): Promise<{ status: number; body: Json }>;
  mutate(path: string, input: unknown): Promise<{ status: number; body: Json }>;
}

/** Somebody with a browser that is signed in at the hub, as the page does it. */
export async function createPerson(
  url: string,
  { username = 'admin', password = adminPassword }: { username?: string; password?: string } = {},
): Promise<Person> {
  const browser = createBrowser();
  async function send(path: string, init: RequestInit) {
    const response = await browser.fetch(`${url}/trpc/${path}`, init);
    const body = (await response.json()) as Json;
    return { status: response.status, body: body.result?.data ?? body.error };
  }
  const person: Person = {
    browser,
    query: (path, input) => send(`${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {}),
    mutate: (path, input) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      }),
  };
  const signedIn = await person.mutate('auth.login', { username, password });
  if (signedIn.status !== 200) throw new Error(`${username} cannot sign in: ${JSON.stringify(signedIn.body)}`);
  return person;
}

/** Takes the browser to where a client sends it, up to the page that asks; gives the id of the request. */
export async function beginRequest({ browser }: Person, authorizationUrl: string | URL): Promise<string> {
  const response = await browser.fetch(authorizationUrl);
  const location = response.headers.get('location') ?? '';
  const uid = /\/ui\/oauth\/([\w-]+)$/.exec(location)?.[1];
  if (uid === undefined) throw new Error(`No page asks: ${response.status} ${location} ${await response.text()}`);
  return uid;
}

/** Goes on with the answer, and gives where the client is told of it. */
export async function resume({ browser }: Person, redirectTo: string): Promise<URL> {
  const response = await browser.fetch(redirectTo);
  const location = response.headers.get('location');
  if (location === null) throw new Error(`Not sent back: ${response.status} ${await response.text()}`);
  return new URL(location);
}

/** Lets a client in that sent the browser here, as the page does; gives where the client is told of it. */
export async function letIn(
  person: Person,
  authorizationUrl: string | URL,
  decision: { allow?: boolean; scopes?: string[]; bounds?: object } = {},
): Promise<URL> {
  const uid = await beginRequest(person, authorizationUrl);
  const decided = await person.mutate('oauth.decide', { uid, allow: true, ...decision });
  if (decided.status !== 200) throw new Error(`Not decided: ${JSON.stringify(decided.body)}`);
  return resume(person, decided.body.redirectTo);
}

export function makePkce() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  scope: string;
  expires_in: number;
}

/** A client that does by hand what the protocol says, so that tests can leave parts out. */
export interface HandClient {
  id: string;
  redirectUri: string;
  authorizationUrl(more?: Record<string, string | undefined>): { url: URL; verifier: string; state: string };
  token(form: Record<string, string | undefined>): Promise<{ status: number; headers: Headers; body: Json }>;
  exchange(code: string, verifier: string, more?: Record<string, string | undefined>): ReturnType<HandClient['token']>;
  refresh(token: string, more?: Record<string, string | undefined>): ReturnType<HandClient['token']>;
  /** Everything from nothing to tokens. */
  connect(
    person: Person,
    options?: { resource?: string; scope?: string; decision?: Parameters<typeof letIn>[2] },
  ): Promise<Tokens>;
}

export async function register(url: string, metadata: object = {}): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Hand client',
      redirect_uris: ['http://127.0.0.1:9/callback'],
      token_endpoint_auth_method: 'none',
      ...metadata,
    }),
  });
  return { status: response.status, body: await response.json() };
}

export async function createHandClient(
  url: string,
  { metadata = {}, id }: { metadata?: object; id?: string } = {},
): Promise<HandClient> {
  const registered = id === undefined ? (await register(url, metadata)).body : { client_id: id, ...metadata };
  const clientId: string = registered.client_id;
  const redirectUri: string = registered.redirect_uris?.[0] ?? 'http://127.0.0.1:9/callback';
  function given(values: Record<string, string | undefined>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
  }
  const client: HandClient = {
    id: clientId,
    redirectUri,
    authorizationUrl(more = {}) {
      const { verifier, challenge } = makePkce();
      const state = randomBytes(8).toString('hex');
      const params = given({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        resource: `${url}/mcp`,
        scope: 'mcp:read mcp:call',
        ...more,
      });
      return { url: new URL(`${url}/oauth/authorize?${new URLSearchParams(params).toString()}`), verifier, state };
    },
    async token(form) {
      const response = await fetch(`${url}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html,*/*' },
        body: new URLSearchParams(given({ client_id: clientId, ...form })),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    exchange: (code, verifier, more = {}) =>
      client.token({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
        ...more,
      }),
    refresh: (token, more = {}) => client.token({ grant_type: 'refresh_token', refresh_token: token, ...more }),
    async connect(person, { resource, scope, decision } = {}) {
      const asked = client.authorizationUrl({ ...(resource && { resource }), ...(scope && { scope }) });
      const back = await letIn(person, asked.url, decision);
      const answer = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier);
      if (answer.status !== 200) throw new Error(`No tokens: ${JSON.stringify(answer.body)}`);
      return answer.body as Tokens;
    },
  };
  return client;
}
