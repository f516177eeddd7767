import { AsyncLocalStorage } from 'node:async_hooks';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { listenWeb } from '../mcp/node-web.ts';
import type { Authorization, Checked } from './authorization.ts';

export interface HostedOptions {
  /** Who signs people in. */
  at: () => Authorization;
  /** Methods that are open to everybody. */
  open?: (method: string) => boolean;
  /** Scopes that a call of the tool needs besides `read`. */
  callScope?: () => string | null;
  /** Changes what the server says of itself, or takes it away. */
  metadata?: (metadata: Record<string, unknown>, path: string) => Response | Record<string, unknown>;
  /** Answers a request of somebody who signed in, in place of the server; null = the server does. */
  instead?: (method: string, token: string) => Response | null;
  /** What stands in a challenge besides. */
  challenge?: (standard: string) => string;
}

export interface Hosted extends AsyncDisposable {
  readonly url: string;
  /** Bearer tokens of requests, in order; null where there was none. */
  readonly tokens: (string | null)[];
  close(): Promise<void>;
}

const caller = new AsyncLocalStorage<Checked | null>();

function makeServer(): McpServer {
  const server = new McpServer({ name: 'hosted', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who calls.', inputSchema: z.object({}) }, () => {
    const who = caller.getStore();
    return {
      content: [{ type: 'text' as const, text: `${who?.account ?? 'nobody'} ${who?.scopes.join(' ') ?? ''}`.trim() }],
    };
  });
  return server;
}

async function methodOf(request: Request): Promise<string> {
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => null);
  return typeof body === 'object' && body !== null && 'method' in body ? String(body.method) : '';
}

/** A real MCP server behind OAuth, as hosted ones are. */
export async function startHosted(options: HostedOptions): Promise<Hosted> {
  const handler = createMcpHandler(makeServer);
  const tokens: (string | null)[] = [];
  const place = { origin: '' };
  function refuse(status: 401 | 403, scope: string | null): Response {
    const metadata = `resource_metadata="${place.origin}/.well-known/oauth-protected-resource/mcp"`;
    const error = status === 403 ? 'error="insufficient_scope", ' : '';
    const standard = `Bearer ${error}${scope === null ? '' : `scope="${scope}", `}${metadata}`;
    const challenge = options.challenge?.(standard) ?? standard;
    const headers = challenge === '' ? {} : { 'www-authenticate': challenge };
    return Response.json({ error: status === 401 ? 'invalid_token' : 'insufficient_scope' }, { status, headers });
  }
  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname.startsWith('/.well-known/oauth-protected-resource')) {
      const metadata = {
        resource: `${place.origin}/mcp`,
        authorization_servers: [options.at().issuer],
        scopes_supported: ['read'],
        bearer_methods_supported: ['header'],
      };
      const said = options.metadata?.(metadata, url.pathname) ?? metadata;
      return said instanceof Response ? said : Response.json(said);
    }
    if (url.pathname !== '/mcp') return new Response('Not found', { status: 404 });
    const token = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
    tokens.push(token);
    const method = await methodOf(request);
    const who = token === null ? null : await options.at().check(token, `${place.origin}/mcp`);
    if (who === null && options.open?.(method) !== true) return refuse(401, null);
    const scope = method === 'tools/call' ? (options.callScope?.() ?? null) : null;
    if (scope !== null && who !== null && !scope.split(' ').every((each) => who.scopes.includes(each))) {
      return refuse(403, scope);
    }
    const said = token === null ? null : (options.instead?.(method, token) ?? null);
    if (said !== null) return said;
    return caller.run(who, () => handler.fetch(request));
  }
  const listening = await listenWeb(answer);
  place.origin = listening.origin;
  async function close(): Promise<void> {
    await handler.close();
    await listening.close();
  }
  return { url: `${listening.origin}/mcp`, tokens, close, [Symbol.asyncDispose]: close };
}
