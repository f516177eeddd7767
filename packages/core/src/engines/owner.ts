import { projectLabel } from '@switchboard/docker/rules';
import type { Action } from '../access/actions.ts';
import { decide } from '../access/decide.ts';
import { may, requireRight } from '../access/require.ts';
import { referenceTo } from '../access/resource-kinds.ts';
import type { EngineResource, WholeEngine } from '../access/subject.ts';
import { userIdOf, type Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import type { ManagedEngine } from './contract.ts';

/** Everything a person makes on an engine carries the person's id. */
export const ownerLabel = 'switchboard.owner';

type Labels = Readonly<Record<string, string>>;

export function ownerOf(labels: Labels): string | null {
  return labels[ownerLabel] ?? null;
}

/** Labels for objects that this actor makes; objects of the hub's own admin have no owner. */
export function ownerLabels(actor: Actor): Record<string, string> {
  const id = userIdOf(actor);
  return id === null ? {} : { [ownerLabel]: id };
}

/** The Compose project that something says it is of. */
export function projectOf(labels: Labels): string | undefined {
  return labels[projectLabel];
}

/** The names by which a key can name an object on an engine: its own names, its stack, its engine. */
export function refsOf(
  type: EngineResource['type'],
  engine: string,
  { names = [], stack }: { names?: readonly string[]; stack?: string | undefined },
): string[] {
  return [
    ...names.map((name) => referenceTo(type, engine, name)),
    ...(stack === undefined ? [] : [referenceTo('stack', engine, stack)]),
    referenceTo('engine', engine),
  ];
}

/** An object on an engine in the form that `decide` takes; its labels name its owner and stack. */
export function resourceOf(
  type: EngineResource['type'],
  engine: string,
  { name, labels }: { name: string; labels: Labels },
  shared = false,
): EngineResource {
  const refs = refsOf(type, engine, { names: [name], stack: projectOf(labels) });
  return { type, owner: ownerOf(labels), shared, refs };
}

/** The resource that the actor is about to create on an engine: only the engine can be named by a key so far. */
export function newResource(ctx: Ctx, type: EngineResource['type'], engine: string): EngineResource {
  return { type, owner: userIdOf(ctx.actor), refs: refsOf(type, engine, {}) };
}

export function wholeEngine(engine: string): WholeEngine {
  return { type: 'engine', refs: [referenceTo('engine', engine)] };
}

/** The name behind an owner's id, where the account is still there. */
export function ownerName(ctx: Ctx, owner: string | null): string | null {
  return owner === null ? null : (ctx.access.directory.user(owner)?.username ?? null);
}

export function engineOf(ctx: Ctx, name: string | undefined): ManagedEngine {
  return ctx.docker.engines.get(name);
}

/** An engine as a whole; a key that does not name it learns no more than that it exists. */
export function wholeEngineOf(ctx: Ctx, name: string | undefined): ManagedEngine {
  const managed = engineOf(ctx, name);
  requireRight(ctx, 'engine.read', wholeEngine(managed.name));
  return managed;
}

/** Whether the actor sees what belongs to others too. */
export function seesAll(ctx: Ctx, type: EngineResource['type']): boolean {
  return may(ctx, `${type}.read`, { type, owner: null });
}

/** The same for objects of others, within the bounds of the actor's key. The bounds are checked for each object. */
export function seesOthers(ctx: Ctx, type: EngineResource['type']): boolean {
  const subject = ctx.access.directory.subjectOf(ctx.actor);
  const refs = subject.type === 'person' ? (subject.key?.resources ?? []) : [];
  return decide(subject, `${type}.read`, { type, owner: null, refs }).allowed;
}

/** Refuses a key that does not name the engine on which something is to be made. */
export function requireMaking(ctx: Ctx, action: Action, type: EngineResource['type'], engine: string): void {
  requireRight(ctx, action, newResource(ctx, type, engine));
}

/** An object of others looks absent; an object that the actor may only see is refused. */
export function requireOn(
  ctx: Ctx,
  action: Action,
  resource: EngineResource | WholeEngine,
  absent: () => DomainError,
): void {
  requireRight(ctx, action, resource, absent);
}

const reserved = /^(?:switchboard\.|com\.docker\.(?:compose|swarm|stack)\.)/;

/** Refuses labels by which the hub and Compose know what is whose. */
export function checkOwnLabels(labels: Labels = {}): void {
  const name = Object.keys(labels).find((label) => reserved.test(label));
  if (name !== undefined) throw invalidField('labels', say('hubLabel', { name }));
}

type Unused = 'noUnusedImage' | 'noUnusedNetwork' | 'noUnusedVolume';

/** Refuses to remove anything but what a preview names at this moment. */
export function requirePrunable(asked: readonly string[], prunable: readonly string[], code: Unused): void {
  const allowed = new Set(prunable);
  const stranger = asked.find((one) => !allowed.has(one));
  if (stranger === undefined) return;
  throw new DomainError('conflict', say(code, { id: stranger }), { value: stranger });
}
