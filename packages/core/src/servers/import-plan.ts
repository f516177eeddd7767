import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { may } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { isDomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { isReserved } from '../reserved-names.ts';
import { hashedSlug, losesLetters, slugify } from '../slug.ts';
import { requireCreate } from './draft.ts';
import { expandLaunch } from './expand.ts';
import { keepingStored } from './export.ts';
import type { ParsedEntry } from './import.ts';
import { calledSo, nameKey, type NamedServer } from './names.ts';
import { requireOwnProxies } from './proxy-env.ts';
import { findClaim, findSeen, serverResource } from './queries.ts';
import type { ServerRow } from './rows.ts';
import type { CreateServer, ImportEntry } from './schema.ts';

/** The planned result of an entry, with the server that it makes. */
export type PlannedEntry = ImportEntry & Pick<ParsedEntry, 'draft'>;

/** The state that an import has beside the entry at hand. */
export interface PlanState {
  onConflict: 'skip' | 'replace';
  /** Ids the person chose, by the names of entries. */
  chosen: Readonly<Record<string, string>>;
  /** The servers that were there before. */
  rows: readonly NamedServer[];
  /** Of the entries before: their names in the config, their ids in lower case, and the ids by the names they got. */
  keys: Set<string>;
  ids: Set<string>;
  names: Map<string, string>;
}

/** A state before the first entry. */
export function startPlan(given: Pick<PlanState, 'onConflict' | 'chosen' | 'rows'>): PlanState {
  return {
    ...given,
    keys: new Set(),
    ids: new Set(),
    names: new Map(),
  };
}

/** The id an entry gets, and the server that has it already. */
interface Target {
  id: string;
  existing: ServerRow | null;
  /** The present holder of the id: a server that the actor sees, or an object that it need not know. */
  other: 'server' | 'unseen' | null;
}

/** Says what becomes of an entry, and notes its id and name in the state for the entries after it. */
export async function planEntry(ctx: Ctx, entry: ParsedEntry, state: PlanState): Promise<PlannedEntry> {
  const planned = await plan(ctx, entry, state);
  const { id, draft } = planned;
  state.keys.add(entry.name);
  if (id !== null) state.ids.add(id.toLowerCase());
  const key = nameKey(draft?.name ?? '');
  if (id !== null && key !== '' && !state.names.has(key)) state.names.set(key, id);
  return planned;
}

async function plan(ctx: Ctx, parsed: ParsedEntry, state: PlanState): Promise<PlannedEntry> {
  const { name, draft } = parsed;
  if (!draft?.id) return planned(ctx, parsed, 'error', parsed.error, draft);
  const target = await targetOf(ctx, name, { ...draft, id: draft.id }, state);
  if ('code' in target) return planned(ctx, parsed, 'error', target, draft);
  const { id, existing, other } = target;
  const becomes = { ...draft, id };
  function entry(action: ImportEntry['action'], why: Reason | null, made: CreateServer = becomes): PlannedEntry {
    return planned(ctx, parsed, action, why, made);
  }
  // A name that stands twice means one server, and both entries would get the same id again.
  function taken(action: ImportEntry['action'], why: Reason): PlannedEntry {
    return {
      ...entry(action, why),
      taken: !state.keys.has(name),
    };
  }
  if (state.ids.has(id.toLowerCase())) return taken('error', say('anotherEntry', { id }));
  if (isReserved(id)) return taken('error', say('reserved', { id }));
  try {
    requireCreate(ctx, draft);
    requireOwnProxies(ctx, { kind: draft.kind }, draft.env ?? {});
  } catch (refusal) {
    if (isDomainError(refusal)) return entry('error', refusal.reason);
    throw refusal;
  }
  if (other === 'server') return taken('skip', say('idOfAnother', { id }));
  if (!existing && !other) return entry('create', null, { ...becomes, name: freeName(ctx, becomes, state) });
  const mayReplace = existing && may(ctx, 'server.configure', serverResource(existing));
  if (state.onConflict === 'replace' && mayReplace) {
    return { ...entry('replace', null, keepingStored(ctx, existing, becomes)), id };
  }
  return taken('skip', say(state.onConflict === 'skip' ? 'exists' : 'takenByOther', { id }));
}

function planned(
  ctx: Ctx,
  { name, docker, open, envFile, tools, ignored, literal }: ParsedEntry,
  action: ImportEntry['action'],
  why: Reason | null,
  draft: CreateServer | null,
): PlannedEntry {
  return {
    name,
    id: draft?.id ?? null,
    kind: draft?.kind ?? null,
    action,
    reason: why?.text ?? null,
    why,
    taken: false,
    disabled: draft?.desired === 'disabled',
    docker: docker !== null,
    missing: draft ? missingOf(ctx, draft).map((missing) => askedAs(open, missing)) : [],
    envFile,
    tools,
    ignored,
    literal,
    draft,
  };
}

type NamedDraft = CreateServer & { id: string };

/**
 * An entry is the server whose id it was given, or whose id its name is (as in an export), or that has its name; and
 * one that was renamed since, by the id that the entry's name makes. A reason where several servers have its name.
 */
async function targetOf(
  ctx: Ctx,
  key: string,
  draft: NamedDraft,
  { chosen, rows, ids, names }: PlanState,
): Promise<Target | Reason> {
  const { id, name = id } = draft;
  // A caller who chose the id knows whose server it is.
  if (Object.hasOwn(chosen, key)) return holderOf(ctx, id, () => true);
  const twice = names.get(nameKey(name));
  if (twice !== undefined) return holderOf(ctx, twice, (row) => mayFollow(ctx, row));
  const exact = id === key ? await holderOf(ctx, id, (row) => mayFollow(ctx, row)) : null;
  if (exact?.existing) return exact;
  const owner = userIdOf(ctx.actor);
  const called = calledSo(ctx, rows, name, owner).filter((row) => mayFollow(ctx, row));
  const own = called.filter((row) => row.createdBy === owner);
  const [one, ...others] = own.length > 0 ? own : called;
  if (one && others.length > 0) {
    return say('severalCalled', { ids: [one, ...others].map((row) => row.id).join(', ') });
  }
  if (one) return holderOf(ctx, one.id, (row) => mayFollow(ctx, row));
  // A server whose present name makes this id is another one; any other has been renamed.
  function isRenamed(row: ServerRow) {
    return mayFollow(ctx, row) && slugify(row.name).toLowerCase() !== id.toLowerCase();
  }
  const found = await holderOf(ctx, id, isRenamed);
  if (!losesLetters(name) || (found.other === null && !ids.has(id.toLowerCase()))) return found;
  return holderOf(ctx, hashedSlug(`${owner ?? ''}\n${nameKey(name)}`, id), (row) => mayFollow(ctx, row));
}

/**
 * The servers that an entry may change without a choice by the caller: one's own, those without an owner and, for
 * admins and the hub's own file, those of admins. An entry may contain secrets, and somebody who took its id or name
 * beforehand could reveal them in a server of their own.
 */
function mayFollow(ctx: Ctx, { createdBy }: Pick<NamedServer, 'createdBy'>): boolean {
  if (createdBy === null || createdBy === userIdOf(ctx.actor)) return true;
  const subject = ctx.access.directory.subjectOf(ctx.actor);
  const isAdmin = subject.type === 'everything' || (subject.type === 'person' && subject.role === 'admin');
  return isAdmin && ctx.access.directory.user(createdBy)?.role === 'admin';
}

async function holderOf(ctx: Ctx, id: string, isMeant: (row: ServerRow) => boolean): Promise<Target> {
  const claim = await findClaim(ctx.db, id);
  if (!claim) return { id, existing: null, other: null };
  const existing = claim.kind === 'server' ? await findSeen(ctx, claim.ref) : null;
  if (!existing) return { id, existing, other: 'unseen' };
  return isMeant(existing) ? { id: existing.id, existing, other: null } : { id, existing: null, other: 'server' };
}

/** Its own name, unless something else has it: then who chose another id has named it with that, else it is numbered. */
function freeName(ctx: Ctx, { id, name = id }: NamedDraft, { rows, names }: PlanState): string {
  const owner = userIdOf(ctx.actor);
  function isFree(wanted: string) {
    return !names.has(nameKey(wanted)) && calledSo(ctx, rows, wanted, owner).length === 0;
  }
  if (isFree(name)) return name;
  let free = id;
  for (let number = 2; !isFree(free); number += 1) free = `${id} (${number})`;
  return free;
}

function askedAs(open: ReadonlyMap<string, string>, name: string): string {
  const id = open.get(name);
  return id === undefined ? name : `input:${id}`;
}

function missingOf(ctx: Ctx, draft: CreateServer): string[] {
  return expandLaunch(
    {
      command: draft.command ?? null,
      args: draft.args ?? [],
      env: draft.env ?? {},
      cwd: draft.cwd ?? null,
      url: draft.url ?? null,
      headers: draft.headers ?? {},
      secrets: draft.secrets ?? {},
    },
    ctx.policy.envPassthrough,
  ).missing;
}
