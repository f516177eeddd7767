import { isDeepStrictEqual } from 'node:util';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import type { VerbCtx } from '../verb.ts';
import type { Versioned } from '../versions/kinds.ts';
import { recordVersion } from '../versions/versions.ts';
import { takesPasswordElsewhere } from './mail-password.ts';
import { leavesOf, merged, valueAt, withoutValue, withValue, type Tree } from './paths.ts';
import type { Section, Settings } from './schema.ts';
import {
  keepMasked,
  lockedIn,
  markOf,
  openSection,
  sealSetting,
  secretsOf,
  settingsFrom,
  describeSection,
  type Stored,
} from './sections.ts';
import { writeStored } from './stored.ts';

/** The key of a section's versions. */
export function versionedSection(section: Section) {
  return { kind: 'configuration', id: section } as const;
}

/** The version of a section, with marks in place of its secrets. */
export function versionOf(ctx: VerbCtx, section: Section, settings: Settings): Versioned<'configuration'> {
  const opened = openSection(ctx.secrets, section, settings[section]);
  const marks = secretsOf(section).flatMap((path): [string, string][] => {
    const plain = valueAt(opened, path);
    return typeof plain === 'string' ? [[path, markOf(ctx.secrets, section, path, plain)]] : [];
  });
  return { snapshot: { ...describeSection(section, opened) }, fingerprints: Object.fromEntries(marks) };
}

/** Refuses what a variable of the environment holds, where another value was given. */
function refuseLocked(ctx: VerbCtx, section: Section, patch: Tree, now: Tree): void {
  for (const [path, variable] of lockedIn(ctx.policy, section)) {
    const given = valueAt(patch, path);
    if (given === undefined || isDeepStrictEqual(given, valueAt(now, path))) continue;
    const field = `${section}.${path}`;
    throw invalidField(field, say('setByVariable', { variable }));
  }
}

/** Addresses that are posted to are checked like those of servers; an admin may name private ones. */
function refuseAddresses(ctx: VerbCtx, section: Section, patch: Tree): void {
  if (section !== 'notifications') return;
  for (const path of ['slackUrl', 'webhook']) {
    const url = valueAt(patch, path);
    if (typeof url !== 'string') continue;
    const why = ctx.callbacks.refuse(url, true);
    if (why !== null) throw invalidField(`${section}.${path}`, say('notPostedTo', { reason: why }));
  }
}

/** The given values of a section, with the secrets that it keeps. Throws where a value is refused. */
export function readPatch(ctx: VerbCtx, section: Section, given: Tree, settings: Settings): Tree {
  const opened: Tree = openSection(ctx.secrets, section, settings[section]);
  const { patch, unkept } = keepMasked(section, given, opened);
  const [first] = unkept;
  if (first !== undefined) throw invalidField(`${section}.${first}`, say('keepsNoValue'));
  if (section === 'smtp' && takesPasswordElsewhere(given, opened as Settings['smtp']))
    throw invalidField('smtp.auth.pass', say('passwordAgain'));
  refuseLocked(ctx, section, patch, opened);
  refuseAddresses(ctx, section, patch);
  return patch;
}

function sealed(ctx: VerbCtx, section: Section, patch: Tree): Tree {
  return secretsOf(section).reduce((tree, path) => {
    const plain = valueAt(tree, path);
    return typeof plain === 'string' ? withValue(tree, path, sealSetting(ctx.secrets, section, path, plain)) : tree;
  }, patch);
}

/** Leaves of a section that differ, in the order of the first. */
function changedLeaves(section: Section, before: Tree, after: Tree): string[] {
  return leavesOf(after)
    .filter((path) => !isDeepStrictEqual(valueAt(before, path), valueAt(after, path)))
    .map((path) => `${section}.${path}`);
}

/** The new stored form of a section, and the change that made it. */
export interface SectionChange {
  section: Section;
  /** Null: nothing of it is set any more. */
  next: Tree | null;
  restored?: number;
}

/** Stores a section in the verb's transaction: its row, its version, its audit row and its event. */
export async function storeSection(ctx: VerbCtx, stored: Stored, change: SectionChange): Promise<Stored> {
  const { section, next, restored } = change;
  const before = settingsFrom(ctx.policy, stored);
  const now: Stored = { ...stored };
  delete now[section];
  if (next !== null) now[section] = next;
  const after = settingsFrom(ctx.policy, now);
  await writeStored(ctx.db, section, next, new Date(ctx.clock.now()));
  await recordVersion(ctx, versionedSection(section), versionOf(ctx, section, after), {
    before: { ...versionOf(ctx, section, before), at: new Date(ctx.policy.startedAt) },
    ...(restored !== undefined && { restored }),
  });
  const [old, fresh] = [before, after].map((settings) => openSection(ctx.secrets, section, settings[section]));
  const changed = changedLeaves(section, old as Tree, fresh as Tree);
  ctx.audit({ id: section, details: { changed, ...(restored !== undefined && { restored }) } });
  ctx.emit({ type: 'config.changed', section });
  return now;
}

/** Changes what was given of a section. */
export async function changeSection(ctx: VerbCtx, stored: Stored, section: Section, given: Tree): Promise<Stored> {
  const patch = readPatch(ctx, section, given, settingsFrom(ctx.policy, stored));
  const fixed = lockedIn(ctx.policy, section).map(([path]) => path);
  // A value that an environment variable sets is not stored, or it would look as if somebody had set it.
  const own = fixed.reduce(withoutValue, patch);
  return await storeSection(ctx, stored, {
    section,
    next: merged(stored[section] ?? {}, sealed(ctx, section, own)),
  });
}
