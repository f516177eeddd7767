import type { EngineResource } from '../access/subject.ts';
import { may, requireRight } from '../access/require.ts';
import type { Action } from '../access/actions.ts';
import { userIdOf, type Actor, type Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import type { ManagedEngine } from './contract.ts';

/** Everything a person makes on an engine carries the person's id. */
export const OWNER_LABEL = 'switchboard.owner';

type Labels = Readonly<Record<string, string>>;

export const ownerOf = (labels: Labels): string | null => labels[OWNER_LABEL] ?? null;

/** Labels for what this actor makes; what the hub's own admin makes belongs to nobody in particular. */
export const ownerLabels = (actor: Actor): Record<string, string> => {
  const id = userIdOf(actor);
  return id === null ? {} : { [OWNER_LABEL]: id };
};

export const resourceOf = (type: EngineResource['type'], labels: Labels, shared = false): EngineResource => ({
  type,
  owner: ownerOf(labels),
  shared,
});

/** The name behind an owner's id, where the account is still there. */
export const ownerName = (ctx: Ctx, owner: string | null): string | null =>
  owner === null ? null : (ctx.directory.user(owner)?.username ?? null);

export const engineOf = (ctx: Ctx, name: string | undefined): ManagedEngine => ctx.engines.get(name);

/** Whether the actor sees what belongs to others too. */
export const seesAll = (ctx: Ctx, type: EngineResource['type']): boolean =>
  may(ctx, `${type}.read`, { type, owner: null });

/** What is not the actor's looks absent; what it may only look at is refused. */
export const requireOn = (ctx: Ctx, action: Action, resource: EngineResource, absent: () => DomainError): void =>
  requireRight(ctx, action, resource, absent);

const reserved = /^(?:switchboard\.|com\.docker\.(?:compose|swarm|stack)\.)/;

/** Refuses labels by which the hub and Compose know what is whose. */
export const checkOwnLabels = (labels: Labels = {}): void => {
  const name = Object.keys(labels).find((label) => reserved.test(label));
  if (name !== undefined) throw invalidField('labels', `"${name}" is a label that only the hub may set`);
};

/** Refuses to remove anything but what a preview names at this moment. */
export const requirePrunable = (asked: readonly string[], prunable: readonly string[], what: string): void => {
  const allowed = new Set(prunable);
  const stranger = asked.find((one) => !allowed.has(one));
  if (stranger === undefined) return;
  const message = `"${stranger}" is no unused ${what} of yours any more: look at the preview again.`;
  throw new DomainError('conflict', message, { value: stranger });
};
