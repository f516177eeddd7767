import { z } from 'zod';
import type { Section as FileSection, FileEntry } from '../config-file/section.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { parseInput } from '../verb.ts';
import { changeSection } from './change.ts';
import type { Tree } from './paths.ts';
import { ChangeConfiguration, Section, sections } from './schema.ts';
import { openSection, secretsOf, settingsFrom, describeSection } from './sections.ts';
import { lockSettings, readStored } from './stored.ts';

/** The settings that can change while the hub runs, by section. */
export const settingsInFile: FileSection = {
  name: 'settings',
  tables: ['settings'],
  rights: { read: 'config.read', write: 'config.change' },
  entry: z.record(z.string(), z.unknown()),
  // Addresses of receivers are shown in part.
  partlySecret: sections.flatMap((section) => secretsOf(section).map((path) => `${section}.${path}`)),
  async read(ctx) {
    const { stored } = await readStored(ctx.db);
    const settings = settingsFrom(ctx.policy, stored);
    return new Map(
      sections.map((section): [string, FileEntry] => [
        section,
        { ...describeSection(section, openSection(ctx.secrets, section, settings[section])) },
      ]),
    );
  },
  async write(ctx, name, entry) {
    const { data: section } = Section.safeParse(name);
    const shape = section && ChangeConfiguration.shape[section].unwrap();
    if (!section || !shape) throw invalidField('', say('fileSection', { names: sections.join(', ') }));
    const given = parseInput<z.ZodType<Tree>>(shape, entry);
    await lockSettings(ctx.db);
    const { stored } = await readStored(ctx.db);
    await changeSection(ctx, stored, section, given);
  },
};
