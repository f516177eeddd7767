import type { Action } from '../access/actions.ts';
import { may, requireRight } from '../access/require.ts';
import type { EngineResource } from '../access/subject.ts';
import { userIdOf, type Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import type { ManagedEngine } from './contract.ts';

/** Everything a person makes on an engine carries the person's id. */
export const ownerLabel = 'switchboard.owner';

type Labels = Readonly<Record<string, string>>;

export function ownerOf(labels: Labels): string | null {
  return labels[ownerLabel] ?? null;
}

/** Labels for what this actor makes; what the hub's own admin makes belongs to nobody in particular. */
export function ownerLabels(actor: Actor): Record<string, string> {
  const id = userIdOf(actor);
  return id === null ? {} : { [ownerLabel]: id };
}

export function resourceOf(type: EngineResource['type'], labels: Labels, shared = false): EngineResource {
  return {
    type,
    owner: ownerOf(labels),
    shared,
  };
}

/** The name behind an owner's id, where the account is still there. */
export function ownerName(ctx: Ctx, owner: string | null): string | null {
  return owner === null ? null : (ctx.directory.user(owner)?.username ?? null);
}

export function engineOf(ctx: Ctx, name: string | undefined): ManagedEngine {
  return ctx.engines.get(name);
}

/** Whether the actor sees what belongs to others too. */
export function seesAll(ctx: Ctx, type: EngineResource['type']): boolean {
  return may(ctx, `${type}.read`, { type, owner: null });
}

/** What is not the actor's looks absent; what it may only look at is refused. */
export function requireOn(ctx: Ctx, action: Action, resource: EngineResource, absent: () => DomainError): void {
  requireRight(ctx, action, resource, absent);
}

const reserved = /^(?:switchboard\.|com\.docker\.(?:compose|swarm|stack)\.)/;

/** Refuses labels by which the hub and Compose know what is whose. */
export function checkOwnLabels(labels: Labels = {}): void {
  const name = Object.keys(labels).find((label) => reserved.test(label));
  if (name !== undefined) throw invalidField('labels', `"${name}" is a label that only the hub may set`);
}

/** Refuses to remove anything but what a preview names at this moment. */
export function requirePrunable(asked: readonly string[], prunable: readonly string[], what: string): void {
  const allowed = new Set(prunable);
  const stranger = asked.find((one) => !allowed.has(one));
  if (stranger === undefined) return;
  const message = `"${stranger}" is no unused ${what} of yours any more: look at the preview again.`;
  throw new DomainError('conflict', message, { value: stranger });
}
