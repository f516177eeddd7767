import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { stringify } from 'yaml';
import { sqlStateOf } from '@switchboard/db';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { tryOut, verb, type VerbCtx } from '../verb.ts';
import { follow, hashOf, readPresent, requireWhole } from './plan.ts';
import { readFile } from './read.ts';
import { ApplyFile, ExportFile, PlanFile, sectionNames, type ExportedFile, type FilePlan } from './schema.ts';
import { fileSections, leftOut } from './sections.ts';

const head = `# The configuration of a Switchboard hub.
# *** stands for a secret, which is left out where its name, place or form says that it is one: a hub that has it keeps it, and another is given it by hand.
# What is in the file is made, or changed until it is as told; what is not in it stays as it is.
version: 1
`;

/** Older readers of YAML take a bare `on` for true, so such words are quoted. */
const form = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;

/** Everything that can be set at this hub, as one YAML file without secrets; the same hub gives the same text. */
export const exportFile = verb(
  { name: 'config.read', access: 'read', input: ExportFile },
  async (ctx, { sections = sectionNames }): Promise<ExportedFile> => {
    const present = await readPresent(
      ctx,
      sectionNames.filter((name) => sections.includes(name)),
    );
    const parts = [...present].flatMap(([name, entries]) =>
      entries.size === 0 ? [] : [stringify({ [name]: Object.fromEntries(entries) }, form)],
    );
    return { text: [head, ...parts].join('\n'), leftOut: { ...leftOut } };
  },
);

/** One file at a time: while it is tried out, changes of names wait for it. */
async function takeTurn({ db }: VerbCtx): Promise<void> {
  const [turn] = await db.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended('configuration file', 0)) as taken`,
  );
  if (!turn?.taken) throw new DomainError('conflict', say('fileInUse'));
}

/** Plans a file. The changes are made and rolled back, so the plan says exactly what applying would do. */
export const planFile = verb(
  { name: 'config.change', access: 'read', input: PlanFile },
  async (ctx, { text, sections }): Promise<FilePlan> => {
    const file = readFile(text, sections);
    return await tryOut(ctx, async (inner) => {
      await takeTurn(inner);
      const present = await readPresent(inner, file.keys());
      return await follow(inner, file, present, hashOf(text, present));
    });
  },
);

const mostTries = 50;
const betweenTriesMs = 100;

/**
 * Locks the tables of the file against other writers until it is applied. All locks are taken at once or not at all, so
 * two writers cannot deadlock.
 */
async function lockTables(ctx: VerbCtx): Promise<void> {
  const names = Object.values(fileSections).flatMap(({ tables }) => tables);
  const list = sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  );
  for (let tries = 1; ; tries += 1) {
    try {
      await ctx.db.transaction((db) => db.execute(sql`lock table ${list} in share row exclusive mode nowait`));
      return;
    } catch (error) {
      if (sqlStateOf(error) !== '55P03') throw error;
      if (tries === mostTries) throw new DomainError('conflict', say('othersChange'));
      await wait(betweenTriesMs, undefined, { signal: ctx.signal });
    }
  }
}

/** Applies a file, all of it or nothing; with the hash of a plan only where nothing changed since that plan. */
export const applyFile = verb(
  { name: 'config.change', access: 'write', input: ApplyFile },
  async (ctx, { text, sections, hash }): Promise<FilePlan> => {
    const file = readFile(text, sections);
    await takeTurn(ctx);
    await lockTables(ctx);
    const present = await readPresent(ctx, file.keys());
    const now = hashOf(text, present);
    if (hash !== undefined && hash !== now) throw new DomainError('conflict', say('fileChanged'), { field: 'hash' });
    const plan = await follow(ctx, file, present, now);
    requireWhole(plan);
    const { counts } = plan;
    ctx.audit({ details: { file: true, sections: [...file.keys()], ...counts } });
    return plan;
  },
);
