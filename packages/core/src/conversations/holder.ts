import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Holder } from './queries.ts';

const nobodyInParticular = 'default_user';

/** The holder of conversations where a caller names none: the actor itself. */
export function ownHolder(ctx: Pick<Ctx, 'actor'>): Holder {
  return { ownerId: userIdOf(ctx.actor), space: '' };
}

/** The holder that a caller names: itself, by id or user name. Where nobody signs in, any name is allowed. */
export function namedHolder(ctx: Pick<Ctx, 'actor'>, userId: string = nobodyInParticular): Holder {
  const holder = ownHolder(ctx);
  if (userId === nobodyInParticular) return holder;
  if (ctx.actor.type === 'local') return { ...holder, space: userId };
  const isOwn = userId === holder.ownerId || ('username' in ctx.actor && userId === ctx.actor.username);
  if (isOwn) return holder;
  throw new DomainError('forbidden', say('userIdNotYours', { id: userId }), { value: userId });
}
