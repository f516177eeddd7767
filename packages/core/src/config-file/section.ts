import type { z } from 'zod';
import type { Action } from '../access/actions.ts';
import type { Ctx } from '../context.ts';
import type { VerbCtx } from '../verb.ts';

/** An entry of the file as it is written there: plain values, `***` for secrets. */
export type Told = Readonly<Record<string, unknown>>;

/** The part of an entity in the configuration file; each entity declares its own. */
export interface Section {
  /** The key of the section in the file. */
  name: string;
  /** Tables whose rows it tells. */
  tables: readonly string[];
  /** Rights that reading and writing any entry takes; those of single entries are asked for where they are written. */
  rights: { read: Action; write: Action };
  /** One entry, as it may be given. */
  entry: z.ZodType<Record<string, unknown>>;
  /** Places where `***` alone stands for a secret, from the entry's name on: `*` is any name, `**` everything below. */
  secrets?: readonly string[];
  /** Places of texts in which a part may stand as `***`. */
  partlySecret?: readonly string[];
  /** Fields without which an entry cannot be made: it waits until their secret is given. */
  needed?: readonly string[];
  /** Fields that stand as the file has them, `***` included, until somebody gives their secret. */
  literal?: readonly string[];
  /** Entries of the section that have to be there before this one. */
  after?: (entry: Told) => readonly string[];
  /** Everything there is, by name, as the file tells it. */
  read: (ctx: Ctx) => Promise<Map<string, Told>>;
  /** Makes an entry, or changes it until it is as told; a secret that is told as `***` stays as it is stored. */
  write: (ctx: VerbCtx, name: string, entry: Told, before: Told | null) => Promise<void>;
  /** Applies the references of an entry to other sections, after those are written. */
  finish?: (ctx: VerbCtx, name: string, entry: Told, before: Told | null) => Promise<void>;
}
