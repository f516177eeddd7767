import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Stack as StackOnDisk } from '@switchboard/docker';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { seesAll } from '../engines/owner.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import type { VerbCtx } from '../verb.ts';
import { recordVersion } from '../versions/versions.ts';
import { absentStack, changeOf, findByProject, projectContainers, sealEnv, type StackRow } from './queries.ts';
import { versionedStack, versionOf } from './snapshot.ts';

function taken(project: string, why: Reason): DomainError {
  return new DomainError('conflict', why, { field: 'path', value: project });
}

function isInside(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(`${other}${path.sep}`);
}

async function holdsSomething(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length > 0;
}

/**
 * A stack's folder contains no other stack, because one could read the other's files. It has to be empty, because
 * existing files may belong to a removed person; only a caller who sees all may use such a folder.
 */
export async function requireFreeFolder(ctx: Ctx, managed: ManagedEngine, stack: StackOnDisk): Promise<void> {
  const folder = path.relative(managed.stacks.root, stack.folder);
  const rows = await ctx.db
    .select({ folder: tables.stacks.folder })
    .from(tables.stacks)
    .where(eq(tables.stacks.engine, managed.name));
  if (rows.some((row) => isInside(row.folder, folder) || isInside(folder, row.folder))) {
    throw taken(folder, say('folderWithin', { folder }));
  }
  if (!seesAll(ctx, 'stack') && (await holdsSomething(stack.folder))) {
    throw taken(folder, say('folderHolds', { folder }));
  }
}

/** Refuses a project that is kept already, or that somebody started without the hub. */
export async function requireFree(ctx: Ctx, managed: ManagedEngine, stack: StackOnDisk): Promise<void> {
  const { project } = stack;
  if (await findByProject(ctx, managed.name, project)) throw taken(project, say('stackNameTaken', { project }));
  await requireFreeFolder(ctx, managed, stack);
  if ((await projectContainers(ctx, managed, project)).length > 0) {
    throw taken(project, say('projectElsewhere', { project }));
  }
}

/** Stores a new stack, in the transaction that `ctx.db` is. */
export async function insertStack(
  ctx: VerbCtx,
  managed: ManagedEngine,
  stack: StackOnDisk,
  text: { content: string; env: string | null; path: string | null; adopted?: boolean },
): Promise<StackRow> {
  const id = newId();
  const [row] = await ctx.db
    .insert(tables.stacks)
    .values({
      id,
      engine: managed.name,
      project: stack.project,
      path: text.path,
      folder: path.relative(managed.stacks.root, stack.folder),
      file: stack.file,
      content: text.content,
      env: sealEnv(ctx, id, text.env),
      adopted: text.adopted ?? false,
      ownerId: userIdOf(ctx.actor),
    })
    .returning();
  if (!row) throw taken(stack.project, say('stackNotStored', { project: stack.project }));
  await recordVersion(ctx, versionedStack(row), versionOf(ctx, row));
  ctx.emit(changeOf(row));
  return row;
}

/** Stores what changed of a stack, and a version of it where its texts are others than before. */
export async function changeStack(
  ctx: VerbCtx,
  row: StackRow,
  change: { content?: string; env?: string | null; scale?: Record<string, number>; restored?: number },
): Promise<StackRow> {
  const { env, restored, ...rest } = change;
  const [changed] = await ctx.db
    .update(tables.stacks)
    .set({
      ...rest,
      ...(env !== undefined && { env: sealEnv(ctx, row.id, env) }),
      updatedAt: new Date(ctx.clock.now()),
    })
    .where(eq(tables.stacks.id, row.id))
    .returning();
  if (!changed) throw absentStack(row.project);
  const before = { ...versionOf(ctx, row), at: row.updatedAt };
  const more = { before, ...(restored !== undefined && { restored }) };
  await recordVersion(ctx, versionedStack(row), versionOf(ctx, changed), more);
  ctx.emit(changeOf(row));
  return changed;
}
