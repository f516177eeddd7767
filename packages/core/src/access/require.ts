import type { Actor } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { decide, type Action, type Decision, type Resource } from './decide.ts';
import type { Refusal } from './decision.ts';
import type { Directory } from './directory.ts';

/** The actor, and the directory that knows its rights. */
export interface ActorContext {
  actor: Actor;
  access: { directory: Directory };
}

/** `decide` for the actor of a context, with the present rights. */
export function decideFor(ctx: ActorContext, action: Action, resource?: Resource): Decision {
  return decide(ctx.access.directory.subjectOf(ctx.actor), action, resource);
}

/** True where the actor may. */
export function may(ctx: ActorContext, action: Action, resource?: Resource): boolean {
  return decideFor(ctx, action, resource).allowed;
}

/** The error for a refused actor: the reason, and the right that it lacks or that it has to change its password. */
export function refusal(action: Action, { why, passwordDue }: Refusal): DomainError {
  return new DomainError('forbidden', why, passwordDue ? { mustChangePassword: true } : { needs: action });
}

/** Throws unless the actor may: what it may not see is absent, what it sees and may not do is refused. */
export function requireRight(ctx: ActorContext, action: Action, resource?: Resource, absent?: () => DomainError): void {
  const decision = decideFor(ctx, action, resource);
  if (decision.allowed) return;
  if (!decision.visible && absent) throw absent();
  throw refusal(action, decision);
}
