import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider, type Configuration, type ClientMetadata } from 'oidc-provider';
import { listen } from '../mcp/node-web.ts';

export interface AuthorizationOptions {
  /** Clients that are known already. */
  clients?: ClientMetadata[];
  /** Seconds that access tokens last. */
  tokenSeconds?: number;
  /** Whether clients may register themselves; default: they may. */
  registers?: boolean;
  /** Looks at each request first; true = it has answered. */
  before?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** What a request of this path is answered with in place of the real answer; null = nothing else. Asked for after the wait. */
  says?: (path: string) => { status: number; type: string; text: string } | null;
  /** Hears forms that come to the token endpoint, before `says` is asked. */
  form?: (form: URLSearchParams) => void;
  /** Waits before a request of this path is answered. */
  waits?: (path: string) => void | Promise<void>;
}

/** What a token is good for. */
export interface Checked {
  account: string;
  scopes: string[];
}

export interface Authorization extends AsyncDisposable {
  readonly issuer: string;
  /** Whoever signs in next is this one. */
  person: string;
  /** Seconds that the next access tokens last. */
  tokenSeconds: number;
  /** Paths of requests, in order. */
  readonly requests: string[];
  /** Forms that came to the token endpoint. */
  readonly forms: URLSearchParams[];
  check(token: string, audience: string): Promise<Checked | null>;
  close(): Promise<void>;
}

function settingsOf(
  at: { tokenSeconds: number },
  { clients = [], registers = true }: AuthorizationOptions,
): Configuration {
  return {
    clients,
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: registers },
      revocation: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => '',
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: 'read write admin',
          audience: resource,
          accessTokenFormat: 'opaque',
        }),
      },
    },
    scopes: ['openid', 'offline_access', 'read', 'write', 'admin'],
    pkce: { required: () => true },
    rotateRefreshToken: () => true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: () => at.tokenSeconds,
      ClientCredentials: () => at.tokenSeconds,
      Grant: 3600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    interactions: { url: (_ctx, interaction) => `/login/${interaction.uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    cookies: { keys: ['of-a-test'] },
  };
}

/** Signs in and agrees at once, as the person that is named. */
async function agree(
  provider: Provider,
  person: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: person, clientId: String(params['client_id']) });
  const scope = String(params['scope'] ?? '');
  grant.addOIDCScope(scope);
  const resource = params['resource'];
  if (typeof resource === 'string') grant.addResourceScope(resource, scope);
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { login: { accountId: person }, consent: { grantId } });
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** An authorization server as strict as the specifications: rotation without grace, PKCE, `resource`, `iss`. */
export async function startAuthorization(options: AuthorizationOptions = {}): Promise<Authorization> {
  const at = { tokenSeconds: options.tokenSeconds ?? 3600, person: 'ada' };
  const requests: string[] = [];
  const forms: URLSearchParams[] = [];
  let provider: Provider | null = null;
  const listening = await listen((request, response) => void answer(request, response));
  provider = new Provider(listening.origin, settingsOf(at, options));
  const handle = provider.callback();
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    requests.push(path);
    if (options.before?.(request, response) === true || provider === null) return;
    await options.waits?.(path);
    if (path === '/token' && options.form) {
      const text = await bodyOf(request);
      options.form(new URLSearchParams(text));
      Object.assign(request, { body: text });
    }
    const said = options.says?.(path) ?? null;
    if (said !== null) {
      response.writeHead(said.status, { 'content-type': said.type });
      response.end(said.text);
      return;
    }
    if (path.startsWith('/login/')) return agree(provider, at.person, request, response);
    if (path === '/token') {
      const text = 'body' in request ? String(request.body) : await bodyOf(request);
      forms.push(new URLSearchParams(text));
      // Whoever has read a body hands it on like this.
      Object.assign(request, { body: text });
    }
    await handle(request, response);
  }
  async function check(token: string, audience: string): Promise<Checked | null> {
    const found = (await provider?.AccessToken.find(token)) ?? (await provider?.ClientCredentials.find(token));
    if (!found || found.isExpired || ![found.aud].flat().includes(audience)) return null;
    const account = 'accountId' in found ? found.accountId : (found.clientId ?? '');
    return { account, scopes: [...found.scopes] };
  }
  return {
    issuer: listening.origin,
    get person() {
      return at.person;
    },
    set person(name) {
      at.person = name;
    },
    get tokenSeconds() {
      return at.tokenSeconds;
    },
    set tokenSeconds(seconds) {
      at.tokenSeconds = seconds;
    },
    requests,
    forms,
    check,
    close: listening.close,
    [Symbol.asyncDispose]: listening.close,
  };
}
