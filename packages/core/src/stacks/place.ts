import path from 'node:path';
import type { Stack as StackOnDisk } from '@switchboard/docker';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { findByFolder, findByProject, onDisk, openEnv, seesStack, type StackRow } from './queries.ts';

/** Which stack a content and a path mean. */
export interface StackPlace {
  stack: StackOnDisk;
  /** The one that is kept there, where the actor sees it. */
  row: StackRow | null;
  /** Why nothing can be kept there; null where something is, or can be. */
  taken: Reason | null;
}

/**
 * A stack is its path: whatever its content becomes, it keeps its project. A path whose name another stack has gets a
 * project of its own; a name in the content is refused then. Without a path, the name in the content decides.
 */
export async function locateStack(
  ctx: Ctx,
  managed: ManagedEngine,
  given: { content: string; path: string | null; env?: string | null },
): Promise<StackPlace> {
  const { isNamed, ...stack } = managed.stacks.locate(given.content, given.path, given.env ?? null);
  const folder = path.relative(managed.stacks.root, stack.folder);
  const sameProject = await findByProject(ctx, managed.name, stack.project);
  const byName = given.path === null && isNamed ? sameProject : null;
  const row = (await findByFolder(ctx, managed.name, folder)) ?? byName;
  if (row && !seesStack(ctx, row)) return { stack, row: null, taken: say('folderTaken', { folder }) };
  if (row && given.path !== null && row.file !== stack.file) {
    const why = say('folderOfStack', { folder, file: row.file });
    return { stack, row: null, taken: why };
  }
  if (row) return { stack: onDisk(managed, row), row, taken: null };
  if (!sameProject) return { stack, row: null, taken: null };
  if (!isNamed) return { stack: managed.stacks.apart(stack), row: null, taken: null };
  const whose = seesStack(ctx, sameProject)
    ? say('theStack', { name: sameProject.path ?? sameProject.folder })
    : say('somebody');
  return { stack, row: null, taken: say('projectOf', { project: stack.project, whose }) };
}

/** Refuses a content that would make a stack another project when `docker compose` is run by hand in its folder. */
export function requireSameName(
  ctx: Ctx,
  { stacks }: ManagedEngine,
  row: StackRow,
  text: { content: string; env: string | null },
): void {
  const name = stacks.nameIn(text.content, text.env);
  if (name === null || name === row.project) return;
  if (name === stacks.nameIn(row.content, openEnv(ctx, row))) return;
  throw new DomainError('conflict', say('keepsName', { project: row.project, name }), {
    field: 'content',
    value: name,
  });
}

export function takenPlace(why: Reason): DomainError {
  return new DomainError('conflict', why, { field: 'path' });
}
