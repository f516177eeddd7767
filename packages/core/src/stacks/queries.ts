import path from 'node:path';
import { and, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { ContainerInfo, DeclaredService, Stack as StackOnDisk } from '@switchboard/docker';
import { declaredServices, projectLabel, statusOf as statusOfProject } from '@switchboard/docker/rules';
import type { Action } from '../access/actions.ts';
import { may, requireRight } from '../access/require.ts';
import type { EngineResource } from '../access/subject.ts';
import { toContainer } from '../containers/queries.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { ownerLabel, ownerName, refsOf } from '../engines/owner.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { maskEnv } from './env-text.ts';
import type { Stack, StackDetails, StackService } from './schema.ts';

export type StackRow = typeof tables.stacks.$inferSelect;

type StackKey = Pick<StackRow, 'engine' | 'project' | 'ownerId'>;

export function stackResource({ engine, project, ownerId }: StackKey): EngineResource {
  return {
    type: 'stack',
    owner: ownerId,
    refs: refsOf('stack', engine, { names: [project] }),
  };
}

/** The event for a changed stack. */
export function changeOf({ id, ownerId, engine, project }: StackKey & Pick<StackRow, 'id'>) {
  return { type: 'stack.changed', id, owner: ownerId, engine, project } as const;
}

export function absentStack(id: string): DomainError {
  return new DomainError('not_found', say('noStack', { id }), { value: id });
}

function placeOf(id: string) {
  return { table: 'stacks', row: id, column: 'env' };
}

export function sealEnv(ctx: Ctx, id: string, env: string | null): string | null {
  return env === null ? null : ctx.secrets.seal(placeOf(id), env);
}

export function openEnv(ctx: Ctx, { id, env }: Pick<StackRow, 'id' | 'env'>): string | null {
  return env === null ? null : ctx.secrets.open(placeOf(id), env);
}

export async function findByProject(ctx: Ctx, engine: string, project: string): Promise<StackRow | null> {
  const { stacks } = tables;
  const [row] = await ctx.db
    .select()
    .from(stacks)
    .where(and(eq(stacks.engine, engine), eq(stacks.project, project)));
  return row ?? null;
}

/** The stack that is kept in a folder, relative to the stacks folder of its engine. */
export async function findByFolder(ctx: Ctx, engine: string, folder: string): Promise<StackRow | null> {
  const { stacks } = tables;
  const [row] = await ctx.db
    .select()
    .from(stacks)
    .where(and(eq(stacks.engine, engine), eq(stacks.folder, folder)));
  return row ?? null;
}

/** A stack by id, else by its project on the default engine; absent where it is somebody else's. */
export async function requireStack(ctx: Ctx, id: string, action: Action = 'stack.read'): Promise<StackRow> {
  const [byId] = await ctx.db.select().from(tables.stacks).where(eq(tables.stacks.id, id));
  const row =
    byId ?? (ctx.docker.engines.default === null ? null : await findByProject(ctx, ctx.docker.engines.default, id));
  if (!row) throw absentStack(id);
  requireRight(ctx, action, stackResource(row), () => absentStack(id));
  return row;
}

/** The folder of a stack's files. */
export function onDisk(
  { stacks }: ManagedEngine,
  row: Pick<StackRow, 'project' | 'folder' | 'file' | 'env'>,
): StackOnDisk {
  return {
    project: row.project,
    folder: path.join(stacks.root, row.folder),
    file: row.file,
    envFile: row.env === null ? null : '.env',
  };
}

/** The labels are the same for everybody who deploys it: its objects belong to the stack's owner. */
export function labelsOf({ ownerId }: Pick<StackRow, 'ownerId'>): Record<string, string> {
  return ownerId === null ? {} : { [ownerLabel]: ownerId };
}

/** Declared services and undeclared ones that exist, with their containers; and whether the stack runs. */
export function statusOf(
  ctx: Ctx,
  engine: string,
  declared: readonly DeclaredService[],
  containers: readonly ContainerInfo[],
): { services: StackService[]; isRunning: boolean } {
  const { services, isRunning } = statusOfProject(containers, declared);
  const told = Object.values(services).map(({ name, status, running, state, containers: members }) => {
    return { name, status, running, state, containers: members.map((info) => toContainer(ctx, engine, info)) };
  });
  return { services: told, isRunning };
}

/** The services that a content declares; none where it is no stack, which deploying it reports. */
export function declaredIn(content: string): DeclaredService[] {
  try {
    return declaredServices(content);
  } catch {
    return [];
  }
}

/** Services that were scaled to none may be without containers. */
export function withScale(declared: readonly DeclaredService[], { scale }: Pick<StackRow, 'scale'>): DeclaredService[] {
  return declared.map(({ name, isOptional }) => ({ name, isOptional: isOptional || scale[name] === 0 }));
}

/** `containers`: those of its project; null where the engine is away. */
export function toStack(
  ctx: Ctx,
  managed: ManagedEngine,
  row: StackRow,
  containers: readonly ContainerInfo[] | null,
): Stack & { id: string } {
  const declared = withScale(declaredIn(row.content), row);
  const { services, isRunning } = statusOf(ctx, row.engine, declared, containers ?? []);
  return {
    id: row.id,
    engine: row.engine,
    project: row.project,
    path: row.path,
    folder: path.join(managed.stacks.root, row.folder),
    owner: row.ownerId,
    ownerName: ownerName(ctx, row.ownerId),
    adopted: row.adopted,
    services,
    isRunning: containers === null ? null : isRunning,
    lastResult: row.lastResult,
    deployedAt: row.deployedAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** Containers of a project, or of all; null where the engine cannot be asked. */
export async function projectContainers(
  ctx: Ctx,
  { engine }: ManagedEngine,
  project?: string,
): Promise<ContainerInfo[]> {
  return await engine.containers.list({
    labels: [project === undefined ? projectLabel : `${projectLabel}=${project}`],
    signal: ctx.signal,
    timeoutMs: 15_000,
  });
}

export async function toStackDetails(ctx: Ctx, managed: ManagedEngine, row: StackRow): Promise<StackDetails> {
  const containers = await projectContainers(ctx, managed, row.project).catch(() => null);
  const env = openEnv(ctx, row);
  const place = onDisk(managed, row);
  const found = await managed.stacks.read(place).catch(() => null);
  const written = managed.stacks.asWritten(place, { content: row.content, env });
  // Files that were written before the name stood in them are the hub's own too.
  const isKept = found === null || found.content === written.content || found.content === row.content;
  return {
    ...toStack(ctx, managed, row, containers),
    file: row.file,
    content: row.content,
    env: env === null ? null : maskEnv(env),
    scale: row.scale,
    changedOnDisk: found !== null && !(isKept && (found.env ?? null) === env),
  };
}

export function seesStack(ctx: Ctx, row: StackKey): boolean {
  return may(ctx, 'stack.read', stackResource(row));
}
