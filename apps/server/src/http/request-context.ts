import type { HttpBindings } from '@hono/node-server';
import type { ApiContext } from '@switchboard/api';
import { type Problem, unauthenticated } from '@switchboard/api/dialects';
import type { Context } from 'hono';
import { isIP } from 'node:net';
import { serialize } from 'hono/utils/cookie';
import type { AppOptions } from '../app.ts';
import { credentialsOf, identify, readBearer } from './authenticate.ts';

/** What Hono's handlers share about one request. */
export interface HubEnv {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** Where the request came from, as far as known. */
    address: string | null;
    /** Set-Cookie headers of the answer. */
    cookies: string[];
    /** Why credentials that were sent do not count. */
    refusal: Problem | null;
    /** Made on first use: who calls, and everything a procedure needs. */
    api: () => Promise<ApiContext>;
  };
}

/** The caller's address: what the proxy says where there is one that is trusted. */
export function readAddress(
  forwardedFor: string | undefined,
  remote: string | null,
  trustProxy: boolean,
): string | null {
  if (!trustProxy) return remote;
  const last = forwardedFor?.slice(forwardedFor.lastIndexOf(',') + 1).trim() ?? '';
  // Some proxies write the port too.
  const plain = isIP(last) === 0 ? (/^\[?([^\]]+?)\]?(?::\d{1,5})?$/.exec(last)?.[1] ?? '') : last;
  return isIP(plain) === 0 ? remote : plain;
}

function sessionCookie(c: Context<HubEnv>, name: string, secure: boolean): ApiContext['cookie'] {
  const common = { path: '/', httpOnly: true, sameSite: 'Lax', secure } as const;
  const put = (text: string) => c.set('cookies', [...c.get('cookies'), text]);
  return {
    set: (value, expiresAt) => put(serialize(name, value, { ...common, expires: expiresAt })),
    clear: () => put(serialize(name, '', { ...common, maxAge: 0 })),
  };
}

const refusalOf = (message: string, disabled: boolean): Problem => ({
  ...unauthenticated(message),
  ...(disabled && { details: { disabled } }),
});

/** Makes a request's context when it is first asked for. */
export function apiContext(c: Context<HubEnv>, options: AppOptions): () => Promise<ApiContext> {
  const { core, config, instance, settings, playground, sessionCookieName } = options;
  const make = async (): Promise<ApiContext> => {
    const header = (name: string) => c.req.header(name);
    const caller = await identify(core, header, sessionCookieName);
    c.set('refusal', caller.refusal === null ? null : refusalOf(caller.refusal, caller.disabled));
    const cookie = sessionCookie(c, sessionCookieName, config.publicUrl?.startsWith('https:') ?? false);
    if (caller.renewed) cookie.set(caller.renewed.value, caller.renewed.until);
    return {
      core: core.ctxFor(caller.actor, {
        requestId: c.get('requestId'),
        signal: c.req.raw.signal,
        address: c.get('address'),
        client: c.req.header('user-agent') ?? null,
        way: c.req.path.startsWith('/trpc/') ? 'trpc' : 'rest',
        expiresAt: core.expiryOf(credentialsOf(header, sessionCookieName)),
      }),
      instance,
      settings,
      playground,
      cookie,
      bearer: readBearer(c.req.header('authorization')),
      reply: {},
    };
  };
  let made: Promise<ApiContext> | null = null;
  return () => (made ??= make());
}
