import { stringify } from 'yaml';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { diffTexts } from '../versions/diff.ts';
import { changedSecrets, listVersions, mostVersions, requireVersion } from '../versions/versions.ts';
import { storeSection, versionedSection } from './change.ts';
import { exposesPassword } from './mail-password.ts';
import { inForm, merged, valueAt, withoutValue, withValue, type Tree } from './paths.ts';
import {
  BySection,
  DiffConfiguration,
  RestoreConfiguration,
  settingMask,
  type ConfigurationDiff,
  type ConfigurationVersions,
  type RestoredConfiguration,
  type Section,
  type Settings,
} from './schema.ts';
import {
  defaultsOf,
  lockedIn,
  openSection,
  sealSetting,
  secretsOf,
  settingsFrom,
  describeSecret,
  type Stored,
} from './sections.ts';
import { lockSettings, readStored } from './stored.ts';
import { tellConfiguration } from './verbs.ts';

/** Lists the versions of a section, newest first. */
export const listConfigurationVersions = verb(
  { name: 'config.read', access: 'read', input: BySection },
  async (ctx, { section }): Promise<ConfigurationVersions> => ({
    versions: await listVersions(ctx, versionedSection(section)),
    most: mostVersions,
  }),
);

function textOf(snapshot: Tree): string {
  return stringify(snapshot, { lineWidth: 0 });
}

/** The difference between two versions of a section, as lines of YAML. No version holds a secret. */
export const diffConfigurationVersions = verb(
  { name: 'config.read', access: 'read', input: DiffConfiguration },
  async (ctx, { section, from, to }): Promise<ConfigurationDiff> => {
    const entity = versionedSection(section);
    const [before, after] = [await requireVersion(ctx, entity, from), await requireVersion(ctx, entity, to)];
    return {
      section: diffTexts(textOf(before.snapshot), textOf(after.snapshot)),
      changedValues: changedSecrets(before, after),
    };
  },
);

/** A secret of a version, sealed: the one of the version, or the stored one where both look the same. */
function sealedAgain(ctx: Ctx, section: Section, path: string, told: string, now: unknown): string | null {
  if (!told.includes(settingMask)) return sealSetting(ctx.secrets, section, path, told);
  return typeof now === 'string' && told === describeSecret(path, now)
    ? sealSetting(ctx.secrets, section, path, now)
    : null;
}

/** Whether a version names another mail server than the one that the stored password was given for, or less TLS. */
function isForAnotherServer(section: Section, snapshot: Tree, opened: Tree): boolean {
  return (
    section === 'smtp' && exposesPassword(opened as Settings['smtp'], merged(opened, snapshot) as Settings['smtp'])
  );
}

/** A version with the present secrets, as it has none; `missing` are those that are no longer stored, or not for it. */
function withPresentSecrets(ctx: Ctx, section: Section, snapshot: Tree, stored: Stored) {
  const opened: Tree = openSection(ctx.secrets, section, settingsFrom(ctx.policy, stored)[section]);
  const missing: string[] = [];
  const present = isForAnotherServer(section, snapshot, opened) ? {} : opened;
  const next = secretsOf(section).reduce((tree, path) => {
    const told = valueAt(snapshot, path);
    const sealed = typeof told === 'string' ? sealedAgain(ctx, section, path, told, valueAt(present, path)) : null;
    if (typeof told === 'string' && sealed === null) missing.push(`${section}.${path}`);
    return withValue(tree, path, sealed);
  }, snapshot);
  return { next, missing };
}

/**
 * Makes a section again what it was after one of its changes. Secrets stay those of now, as a version has none, but the
 * password of mail is not taken to another server; what a variable of the environment holds stays what it says.
 */
export const restoreConfiguration = verb(
  { name: 'config.change', access: 'write', input: RestoreConfiguration },
  async (ctx, { section, number }): Promise<RestoredConfiguration> => {
    await lockSettings(ctx.db);
    const { stored } = await readStored(ctx.db);
    const { snapshot } = await requireVersion(ctx, versionedSection(section), number);
    const known = inForm(snapshot, defaultsOf(ctx.policy)[section]);
    const { next, missing } = withPresentSecrets(ctx, section, known, stored);
    const fixed = lockedIn(ctx.policy, section).map(([path]) => path);
    await storeSection(ctx, stored, {
      section,
      next: merged(stored[section] ?? {}, fixed.reduce(withoutValue, next)),
      restored: number,
    });
    return { ...(await tellConfiguration(ctx)), missing };
  },
);
