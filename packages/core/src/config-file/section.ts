import type { z } from 'zod';
import type { Action } from '../access/actions.ts';
import type { Ctx } from '../context.ts';
import type { VerbCtx } from '../verb.ts';

/** An entry of the file as it is written there: plain values, `***` for secrets. */
export type FileEntry = Readonly<Record<string, unknown>>;

/** The part of an entity in the configuration file; each entity declares its own. */
export interface Section {
  /** The key of the section in the file. */
  name: string;
  /** The tables of the section. */
  tables: readonly string[];
  /** Rights that reading and writing any entry takes; those of single entries are asked for where they are written. */
  rights: { read: Action; write: Action };
  /** One entry, as it may be given. */
  entry: z.ZodType<Record<string, unknown>>;
  /** Places where `***` alone means a secret, from the entry's name on: `*` is any name, `**` everything below. */
  secrets?: readonly string[];
  /** Places of texts of which a part may be `***`. */
  partlySecret?: readonly string[];
  /** Fields without which an entry cannot be made: it waits until their secret is given. */
  needed?: readonly string[];
  /** Fields that stay as the file has them, `***` included, until somebody gives their secret. */
  literal?: readonly string[];
  /** Entries of the section that have to exist before this one. */
  after?: (entry: FileEntry) => readonly string[];
  /** All stored entries, by name, in the form of the file. */
  read: (ctx: Ctx) => Promise<Map<string, FileEntry>>;
  /**
   * Creates an entry, or changes it until it equals the given one; a secret that is given as `***` stays as it is
   * stored.
   */
  write: (ctx: VerbCtx, name: string, entry: FileEntry, before: FileEntry | null) => Promise<void>;
  /** Applies the references of an entry to other sections, after those are written. */
  finish?: (ctx: VerbCtx, name: string, entry: FileEntry, before: FileEntry | null) => Promise<void>;
}
