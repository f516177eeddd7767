import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '@switchboard/basics';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { DirectoryGroup } from '../access/directory.ts';
import { requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError, isDomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { VerbCtx } from '../verb.ts';
import { isMask, isMasked, isPlaceOf } from './masks.ts';
import type { ReadFile } from './read.ts';
import type { FilePlan, PlannedAction, PlannedChange, PlannedEntry, SectionName } from './schema.ts';
import type { Section, FileEntry } from './section.ts';
import { fileSections, finishedSections } from './sections.ts';

/** The stored entries of the sections that a file has. */
export type StoredEntries = Map<SectionName, Map<string, FileEntry>>;

/** Reads the stored entries of these sections, for callers who may read each of them. */
export async function readPresent(ctx: Ctx, names: Iterable<SectionName>): Promise<StoredEntries> {
  const present: StoredEntries = new Map();
  for (const name of names) {
    const section = fileSections[name];
    requireRight(ctx, section.rights.read);
    present.set(name, await section.read(ctx));
  }
  return present;
}

/** Tells a plan from one of another file, or of another state of the hub. */
export function hashOf(text: string, present: StoredEntries): string {
  const state = [...present].map(([name, entries]) => [name, [...entries]]);
  return createHash('sha256')
    .update(JSON.stringify([text, state]))
    .digest('base64url');
}

type Leaves = Map<string, unknown>;

function leavesOf(value: unknown, at = '', leaves: Leaves = new Map()): Leaves {
  if (!isObject(value)) return leaves.set(at, value);
  for (const [key, inner] of Object.entries(value)) leavesOf(inner, at === '' ? key : `${at}.${key}`, leaves);
  return leaves;
}

interface Work {
  section: SectionName;
  name: string;
  /** As the file has it. */
  given: FileEntry;
  /** The entry as it is written: without secrets that were not given. */
  entry: FileEntry;
  before: FileEntry | null;
  missing: string[];
  action: PlannedAction | null;
  why: Reason | null;
}

/** Whether a `***` at this place means a secret: anywhere else it is ordinary text. */
function mentions({ secrets = [], partlySecret = [] }: Section, place: readonly string[], value: unknown): boolean {
  return (isPlaceOf(secrets, place) && isMask(value)) || (isPlaceOf(partlySecret, place) && isMasked(value));
}

/** An entry without the secrets that it only mentions and that are not stored in this form. */
function withoutMissing(
  name: string,
  given: FileEntry,
  before: FileEntry | null,
  section: Section,
): { entry: FileEntry; missing: string[] } {
  const { needed = [], literal = [] } = section;
  const missing: string[] = [];
  function keep(value: unknown, stored: unknown, path: readonly string[]): unknown {
    if (isObject(value)) {
      const kept = isObject(stored) ? stored : {};
      const inner = Object.entries(value).flatMap(([key, one]) => {
        const old = Object.hasOwn(kept, key) ? kept[key] : undefined;
        const next = keep(one, old, [...path, key]);
        return next === undefined ? [] : [[key, next]];
      });
      return Object.fromEntries(inner);
    }
    if (!mentions(section, [name, ...path], value) || isDeepStrictEqual(value, stored)) return value;
    const at = path.join('.');
    missing.push(at);
    if (literal.includes(at)) return value;
    return needed.includes(at) ? stored : undefined;
  }
  const entry = keep(given, before ?? undefined, []);
  return { entry: isObject(entry) ? entry : {}, missing };
}

function worksOf(file: ReadFile, present: StoredEntries): Work[] {
  return Object.values(fileSections).flatMap((section) => {
    const name = section.name as SectionName;
    const stored = present.get(name);
    const works = [...(file.get(name) ?? [])].map(([key, given]): Work => {
      const before = stored?.get(key) ?? null;
      const { entry, missing } = withoutMissing(key, given, before, section);
      const waits = before === null && missing.some((place) => section.needed?.includes(place));
      const action = waits ? 'waits' : isDeepStrictEqual(entry, before) ? 'unchanged' : null;
      return { section: name, name: key, given, entry, before, missing, action, why: null };
    });
    return section.after ? inOrder(works, section.after) : works;
  });
}

/** Sorts entries so that each follows the entries it refers to; a circle is refused when it is written. */
function inOrder(works: readonly Work[], after: (entry: FileEntry) => readonly string[]): Work[] {
  const byName = new Map(works.map((work) => [work.name, work]));
  const ordered = new Set<Work>();
  const begun = new Set<Work>();
  for (const first of works) {
    const stack = [first];
    while (stack.length > 0) {
      const work = stack.at(-1) ?? first;
      const before = begun.has(work) ? [] : after(work.entry).flatMap((name) => byName.get(name) ?? []);
      begun.add(work);
      const open = before.filter((one) => !begun.has(one));
      if (open.length > 0) stack.push(...open);
      else {
        ordered.add(work);
        stack.pop();
      }
    }
  }
  return [...ordered];
}

/** Groups that were made a moment ago are none of memory yet. */
function knowingGroups(ctx: VerbCtx): { ctx: VerbCtx; load: () => Promise<void> } {
  const { directory } = ctx.access;
  let made: ReadonlyMap<string, DirectoryGroup> = new Map();
  const known = { ...directory, group: (id: string) => directory.group(id) ?? made.get(id) };
  return {
    ctx: { ...ctx, access: { ...ctx.access, directory: known } },
    async load() {
      const rows = await ctx.db.select().from(tables.groups);
      made = new Map(rows.map((row) => [row.id, row]));
    },
  };
}

/** Others wait for names that long at most. */
const longestMs = 20_000;

async function attempt(ctx: VerbCtx, work: Work, step: 'write' | 'finish'): Promise<void> {
  const section = fileSections[work.section];
  const run = section[step];
  if (!run) return;
  try {
    requireRight(ctx, section.rights.write);
    // A savepoint: a refused entry leaves nothing behind, so the plan can check the others.
    await ctx.db.transaction((db) => run({ ...ctx, db }, work.name, work.entry, work.before));
  } catch (error) {
    if (!isDomainError(error)) throw error;
    work.action = 'refused';
    const { field = '', errors: [first] = [] } = error.details ?? {};
    // A problem of the entry as a whole has no field.
    const reason = field === '' ? (first?.why ?? error.reason) : error.reason;
    work.why = field === '' || reason.code === 'inField' ? reason : say('inField', { field, reason });
  }
}

async function writeAll(outer: VerbCtx, works: readonly Work[]): Promise<void> {
  const { ctx, load } = knowingGroups(outer);
  const open = works.filter(({ action }) => action === null);
  const elapsed = ctx.clock.elapsed ?? (() => performance.now());
  const end = elapsed() + longestMs;
  async function attemptInTime(work: Work, step: 'write' | 'finish'): Promise<void> {
    if (elapsed() > end) throw new DomainError('limit_exceeded', say('fileTakesLong'));
    await attempt(ctx, work, step);
  }
  for (const section of Object.keys(fileSections)) {
    for (const work of open.filter((one) => one.section === section)) await attemptInTime(work, 'write');
    if (section === 'groups') await load();
  }
  for (const section of finishedSections) {
    const written = open.filter((one) => one.section === section && one.action === null);
    for (const work of written) await attemptInTime(work, 'finish');
  }
}

const longestValue = 200;
const mostChanges = 100;

function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** The changes of an entry as the hub would show them; a secret that the file contains counts as changed. */
function changesOf({ entry, before }: Work, after: FileEntry | null): PlannedChange[] {
  const [old, fresh, given] = [leavesOf(before ?? {}), leavesOf(after ?? {}), leavesOf(entry)];
  const fields = [...new Set([...fresh.keys(), ...old.keys()])].filter((field) => {
    if (field === '') return false;
    const isGiven = isMasked(fresh.get(field)) && given.has(field) && !isMasked(given.get(field));
    return isGiven || !isDeepStrictEqual(old.get(field), fresh.get(field));
  });
  return fields
    .slice(0, mostChanges)
    .map((field) => ({ field, before: textOf(old.get(field)), after: textOf(fresh.get(field)) }));
}

function planned(work: Work, after: FileEntry | null): PlannedEntry {
  const { section, name, before, missing, why } = work;
  const isOpen = work.action === null;
  const changes = isOpen ? changesOf(work, after) : [];
  const action = work.action ?? (before === null ? 'create' : changes.length > 0 ? 'update' : 'unchanged');
  const needs = action === 'waits' ? say('secretNeeded', { field: missing.join(', ') }) : why;
  const places = missing.map((place) => `${section}.${name}.${place}`);
  return { section, name, action, changes, missing: places, reason: needs?.text ?? null, why: needs };
}

/** Writes the entries of a file, in the transaction that `ctx.db` is, and returns the result of each. */
export async function follow(ctx: VerbCtx, file: ReadFile, present: StoredEntries, hash: string): Promise<FilePlan> {
  const works = worksOf(file, present);
  await writeAll(ctx, works);
  const after = await readPresent(ctx, file.keys());
  const entries = works.map((work) => planned(work, after.get(work.section)?.get(work.name) ?? null));
  const counts = { create: 0, update: 0, unchanged: 0, waits: 0, refused: 0 };
  for (const { action } of entries) counts[action] += 1;
  const kept = [...present].flatMap(([section, stored]) => {
    const count = [...stored.keys()].filter((name) => !file.get(section)?.has(name)).length;
    return count > 0 ? [{ section, count }] : [];
  });
  return { hash, entries, counts, kept, missing: entries.flatMap(({ missing }) => missing) };
}

/** Refuses a plan of which something cannot be: nothing of it stays then. */
export function requireWhole({ entries, counts }: FilePlan): void {
  const first = entries.find(({ action }) => action === 'refused');
  if (!first) return;
  const refused = entries.filter(({ action }) => action === 'refused');
  const errors = refused.slice(0, 50).map(({ section, name, reason, why }) => ({
    field: `${section}.${name}`,
    message: reason ?? '',
    ...(why && { why }),
  }));
  const place = `${first.section}.${first.name}`;
  throw new DomainError(
    'precondition',
    say('fileRefused', { number: counts.refused, place, reason: first.why ?? '' }),
    { field: place, errors },
  );
}
