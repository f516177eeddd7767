import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { decide, type Action, type Resource } from './decide.ts';

/** Throws unless the actor may: what it may not see is absent, what it sees and may not do is refused. */
export const requireRight = (
  ctx: Pick<Ctx, 'actor'>,
  action: Action,
  resource?: Resource,
  absent?: () => DomainError,
): void => {
  const decision = decide(ctx.actor, action, resource);
  if (decision.allowed) return;
  if (!decision.visible && absent) throw absent();
  throw new DomainError('forbidden', decision.reason);
};
