import type { MiddlewareHandler } from 'hono';
import { familyOf, isRateLimited, type Problem } from '@switchboard/api/dialects';
import type { Core } from '@switchboard/core';
import type { LimitState } from '@switchboard/core/limits/schema';
import { toResponse } from './answer.ts';
import type { HubEnv } from './env.ts';

function headersOf({ limit, remaining, resetAt }: LimitState): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetAt),
  };
}

/** The problem of one request too many. */
export function tooMany({ limit, retryAfterSeconds }: LimitState): Problem {
  const message = `You may send ${limit} requests a minute. Try again in ${retryAfterSeconds} s.`;
  return { code: 'rate_limited', message, details: { retryAfterSeconds } };
}

/** The headers for an answer of the documented hub API that is refused before the caller is known. */
export function refusalHeaders({ limits }: Pick<Core, 'limits'>) {
  return (pathname: string, address: string | null): Record<string, string> =>
    isRateLimited(pathname) ? headersOf(limits.request({ type: 'anonymous' }, address)) : {};
}

/** Counts requests of the hub and OpenAI APIs by caller; says on every answer what is left, and 429 where nothing is. */
export function rateLimit({ limits }: Pick<Core, 'limits'>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    if (!isRateLimited(c.req.path)) return next();
    const { core } = await c.get('api')();
    const state = limits.request(core.actor, c.get('address'));
    if (state.allowed) await next();
    else c.res = toResponse(familyOf(c.req.path)(tooMany(state)));
    for (const [name, value] of Object.entries(headersOf(state))) c.header(name, value);
  };
}
