import { familyOf, isRateLimited } from '@switchboard/api/dialects';
import type { Core } from '@switchboard/core';
import type { MiddlewareHandler } from 'hono';
import { toResponse } from './answer.ts';
import type { HubEnv } from './request-context.ts';

/** Counts requests of the documented hub API by caller; says on every answer what is left, and 429 where nothing is. */
export function rateLimit({ limits }: Pick<Core, 'limits'>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    if (!isRateLimited(c.req.path)) return next();
    const { core } = await c.get('api')();
    const { allowed, limit, remaining, resetAt, retryAfterSeconds } = limits.request(core.actor, c.get('address'));
    if (allowed) await next();
    else {
      const message = `You may send ${limit} requests a minute. Try again in ${retryAfterSeconds} seconds.`;
      const problem = { code: 'rate_limited', message, details: { retryAfterSeconds } } as const;
      c.res = toResponse(familyOf(c.req.path)(problem));
    }
    c.header('x-ratelimit-limit', String(limit));
    c.header('x-ratelimit-remaining', String(remaining));
    c.header('x-ratelimit-reset', String(resetAt));
  };
}
