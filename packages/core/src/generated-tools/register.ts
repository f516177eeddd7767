import { tables } from '@switchboard/db';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { atField, DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { isReserved } from '../reserved-names.ts';
import { rowOf } from '../servers/draft.ts';
import { calledSo, loadNames, lockNames } from '../servers/names.ts';
import { findClaim } from '../servers/queries.ts';
import { insertServer } from '../servers/verbs.ts';
import { hashedSlug, isSlug, slugify } from '../slug.ts';
import { verb } from '../verb.ts';
import { describe, hashOf } from './content.ts';
import { filesOf } from './files.ts';
import { RegisterGeneratedTool, type GeneratedTool } from './schema.ts';
import { toTool } from './view.ts';

const longestName = 64;
const mostTries = 1_000;

/** The id of a tool's server: its name, or for a name that cannot be in a URL, one derived from it. */
function idOf(name: string): string {
  return isSlug(name) ? name : hashedSlug(name, slugify(name) || 'tool');
}

type Names = Awaited<ReturnType<typeof loadNames>>;

async function isFree(ctx: Ctx, names: Names, name: string): Promise<boolean> {
  if (calledSo(ctx, names, name, userIdOf(ctx.actor)).length > 0) return false;
  return (await findClaim(ctx.db, idOf(name))) === null;
}

/** The name itself, or with the first number that makes it free. */
async function freeName(ctx: Ctx, wanted: string, numbered: boolean): Promise<string> {
  // They are locked: none comes or goes meanwhile.
  const names = await loadNames(ctx.db);
  if ((await isFree(ctx, names, wanted)) && !(numbered && isReserved(wanted))) return wanted;
  for (let number = 1; number <= (numbered ? mostTries : 0); number += 1) {
    const end = `_${number}`;
    const name = wanted.slice(0, longestName - end.length) + end;
    if (await isFree(ctx, names, name)) return name;
  }
  const why = say('toolNameTaken', { name: wanted });
  throw new DomainError('conflict', why, { ...atField('folderName', why), value: wanted });
}

/** Writes down what a model wrote as a server that is disabled: nothing of it runs until somebody reviewed it. */
export const registerGeneratedTool = verb(
  { name: 'server.create', access: 'write', input: RegisterGeneratedTool },
  async (ctx, { folderName, scriptFiles, readme, dependencies, numbered }): Promise<GeneratedTool> => {
    await lockNames(ctx);
    const name = await freeName(ctx, folderName, numbered);
    const description = describe(readme);
    const draft = rowOf(ctx, { id: idOf(name), name, description, kind: 'generated', desired: 'disabled' });
    const server = await insertServer(ctx, draft);
    const content = { files: filesOf(scriptFiles), readme, dependencies };
    const now = server.createdAt;
    const tool = {
      ...content,
      serverId: server.id,
      hash: hashOf(content),
      reviewed: null,
      reviewedBy: null,
      reviewedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    await ctx.db.insert(tables.generatedTools).values(tool);
    return toTool(ctx, server, { ...tool, hosts: null });
  },
);
