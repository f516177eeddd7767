import type { Context } from 'hono';
import { serialize } from 'hono/utils/cookie';
import type { ApiContext } from '@switchboard/api';
import { type Problem, unauthenticated } from '@switchboard/api/dialects';
import { credentialsOf, identify, readBearer, readCookie } from './authenticate.ts';
import type { HubEnv } from './env.ts';
import { traceOf } from './request-trace.ts';
import type { AppOptions } from './web-deps.ts';

function sessionCookie(c: Context<HubEnv>, name: string, secure: boolean): ApiContext['cookie'] {
  const common = { path: '/', httpOnly: true, sameSite: 'Lax', secure } as const;
  function put(text: string) {
    c.set('cookies', [...c.get('cookies'), text]);
  }
  return {
    set: (value, expiresAt) => put(serialize(name, value, { ...common, expires: expiresAt })),
    clear: () => put(serialize(name, '', { ...common, maxAge: 0 })),
  };
}

function refusalOf(message: string, disabled: boolean): Problem {
  return {
    ...unauthenticated(message),
    ...(disabled && { details: { disabled } }),
  };
}

/** Makes a request's context when it is first asked for. */
export function apiContext(c: Context<HubEnv>, options: AppOptions): () => Promise<ApiContext> {
  const { core, config, instance, settings, streams, sessionCookieName } = options;
  async function make(): Promise<ApiContext> {
    function header(name: string) {
      return c.req.header(name);
    }
    const caller = await identify(core, header, sessionCookieName);
    c.set('refusal', caller.refusal === null ? null : refusalOf(caller.refusal, caller.disabled));
    const cookie = sessionCookie(c, sessionCookieName, config.publicUrl?.startsWith('https:') ?? false);
    if (caller.renewed) cookie.set(caller.renewed.value, caller.renewed.until);
    return {
      core: core.ctxFor(caller.actor, {
        requestId: c.get('requestId'),
        trace: traceOf(c.env.incoming)?.spanOf(undefined) ?? null,
        signal: c.req.raw.signal,
        address: c.get('address'),
        client: c.req.header('user-agent') ?? null,
        way: c.req.path.startsWith('/trpc/') ? 'trpc' : 'rest',
        expiresAt: core.expiryOf(credentialsOf(header, sessionCookieName)),
      }),
      instance,
      settings,
      streams,
      cookie,
      hasCookie: (name) => readCookie(c.req.header('cookie'), name) !== null,
      ownUrl: config.publicUrl ?? new URL(c.req.url).origin,
      bearer: readBearer(c.req.header('authorization')),
      reply: {},
    };
  }
  let made: Promise<ApiContext> | null = null;
  return () => (made ??= make());
}
