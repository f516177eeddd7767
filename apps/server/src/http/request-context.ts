import { isIP } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { serialize } from 'hono/utils/cookie';
import type { ApiContext } from '@switchboard/api';
import { type Problem, unauthenticated } from '@switchboard/api/dialects';
import { type Actor, networkOf, personOf } from '@switchboard/core';
import type { AppOptions } from '../app.ts';
import { credentialsOf, identify, readBearer } from './authenticate.ts';
import { type BodyMeters, createBodyMeters } from './body-meters.ts';
import type { BodyBounds } from './body.ts';

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
    /** How much of a body is read for this caller, asked before the first byte of it. */
    bounds: (caller: Actor) => BodyBounds;
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
  const { core, config, instance, settings, playground, streams, sessionCookieName } = options;
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
        signal: c.req.raw.signal,
        address: c.get('address'),
        client: c.req.header('user-agent') ?? null,
        way: c.req.path.startsWith('/trpc/') ? 'trpc' : 'rest',
        expiresAt: core.expiryOf(credentialsOf(header, sessionCookieName)),
      }),
      instance,
      settings,
      playground,
      streams,
      cookie,
      bearer: readBearer(c.req.header('authorization')),
      reply: {},
    };
  }
  let made: Promise<ApiContext> | null = null;
  return () => (made ??= make());
}

const mb = 1024 ** 2;

/** What a body of somebody who has not signed in may have: a name, a password and a code are far less. */
const anonymousBytes = 16 * 1024;
const anonymousTimeoutMs = 10_000;
/** Node.js gives up a request that takes longer. */
export const requestTimeoutMs = 120_000;

/** Bodies that are read: of strangers by network, of everybody else by person. */
export interface Bodies {
  bounds(actor: Actor, address: string | null): BodyBounds;
  /** Of everybody who has signed in. */
  meters: BodyMeters;
}

export function createBodies(limitBytes: number): Bodies {
  const strangers = createBodyMeters({ perCallerBytes: mb, totalBytes: 16 * mb });
  const meters = createBodyMeters({
    perCallerBytes: Math.max(32 * mb, 2 * limitBytes),
    totalBytes: Math.max(256 * mb, 8 * limitBytes),
  });
  return {
    meters,
    bounds(actor, address) {
      if (actor.type !== 'anonymous') {
        return { limitBytes, timeoutMs: requestTimeoutMs, caller: personOf(actor), meters };
      }
      const caller = address === null ? '' : networkOf(address);
      const most = Math.min(limitBytes, anonymousBytes);
      return { limitBytes: most, timeoutMs: anonymousTimeoutMs, caller, meters: strangers };
    },
  };
}
