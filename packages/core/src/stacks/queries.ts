import path from 'node:path';
import type { ContainerInfo, DeclaredService, Stack as StackOnDisk } from '@switchboard/docker';
import { tables } from '@switchboard/db';
import { and, eq } from 'drizzle-orm';
import type { Action } from '../access/actions.ts';
import { may, requireRight } from '../access/require.ts';
import type { EngineResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import { toContainer } from '../containers/queries.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { OWNER_LABEL, ownerName } from '../engines/owner.ts';
import { DomainError } from '../errors.ts';
import { maskEnv } from './env-text.ts';
import type { Stack, StackDetails, StackService } from './schema.ts';

export type StackRow = typeof tables.stacks.$inferSelect;

export const SERVICE_LABEL = 'com.docker.compose.service';
export const PROJECT_LABEL = 'com.docker.compose.project';

export const stackResource = ({ ownerId }: Pick<StackRow, 'ownerId'>): EngineResource => ({
  type: 'stack',
  owner: ownerId,
});

export const absentStack = (id: string): DomainError =>
  new DomainError('not_found', `There is no stack "${id}".`, { value: id });

const placeOf = (id: string) => ({ table: 'stacks', row: id, column: 'env' });

export const sealEnv = (ctx: Ctx, id: string, env: string | null): string | null =>
  env === null ? null : ctx.secrets.seal(placeOf(id), env);

export const openEnv = (ctx: Ctx, { id, env }: Pick<StackRow, 'id' | 'env'>): string | null =>
  env === null ? null : ctx.secrets.open(placeOf(id), env);

export const findByProject = async (ctx: Ctx, engine: string, project: string): Promise<StackRow | null> => {
  const { stacks } = tables;
  const [row] = await ctx.db
    .select()
    .from(stacks)
    .where(and(eq(stacks.engine, engine), eq(stacks.project, project)));
  return row ?? null;
};

/** The stack that is kept in a folder, relative to the stacks folder of its engine. */
export const findByFolder = async (ctx: Ctx, engine: string, folder: string): Promise<StackRow | null> => {
  const { stacks } = tables;
  const [row] = await ctx.db
    .select()
    .from(stacks)
    .where(and(eq(stacks.engine, engine), eq(stacks.folder, folder)));
  return row ?? null;
};

/** A stack by id, else by its project on the default engine; absent where it is somebody else's. */
export const requireStack = async (ctx: Ctx, id: string, action: Action = 'stack.read'): Promise<StackRow> => {
  const [byId] = await ctx.db.select().from(tables.stacks).where(eq(tables.stacks.id, id));
  const row = byId ?? (ctx.engines.default === null ? null : await findByProject(ctx, ctx.engines.default, id));
  if (!row) throw absentStack(id);
  requireRight(ctx, action, stackResource(row), () => absentStack(id));
  return row;
};

/** Where a stack's files are. */
export const onDisk = (
  { stacks }: ManagedEngine,
  row: Pick<StackRow, 'project' | 'folder' | 'file' | 'env'>,
): StackOnDisk => ({
  project: row.project,
  folder: path.join(stacks.root, row.folder),
  file: row.file,
  envFile: row.env === null ? null : '.env',
});

/** Whoever deploys it: what it makes belongs to the stack's owner. */
export const labelsOf = ({ ownerId }: Pick<StackRow, 'ownerId'>): Record<string, string> =>
  ownerId === null ? {} : { [OWNER_LABEL]: ownerId };

/** Declared services and those that are there without being declared, with their containers; and whether it runs. */
export const statusOf = (
  ctx: Ctx,
  engine: string,
  declared: readonly DeclaredService[],
  containers: readonly ContainerInfo[],
): { services: StackService[]; isRunning: boolean } => {
  const { services, isRunning } = ctx.engines.policy.statusOf(containers, declared);
  const told = Object.values(services).map(({ name, status, running, state, containers: members }) => {
    return { name, status, running, state, containers: members.map((info) => toContainer(ctx, engine, info)) };
  });
  return { services: told, isRunning };
};

/** What a content declares; nothing where it is no stack, which deploying it tells. */
export const declaredIn = (ctx: Ctx, content: string): DeclaredService[] => {
  try {
    return ctx.engines.policy.declaredServices(content);
  } catch {
    return [];
  }
};

/** Services that were scaled to none may be without containers. */
export const withScale = (
  declared: readonly DeclaredService[],
  { scale }: Pick<StackRow, 'scale'>,
): DeclaredService[] => declared.map(({ name, isOptional }) => ({ name, isOptional: isOptional || scale[name] === 0 }));

/** `containers`: those of its project; null where the engine is away. */
export const toStack = (
  ctx: Ctx,
  managed: ManagedEngine,
  row: StackRow,
  containers: readonly ContainerInfo[] | null,
): Stack & { id: string } => {
  const declared = withScale(declaredIn(ctx, row.content), row);
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
};

/** Containers of a project, or of all; null where the engine cannot be asked. */
export const projectContainers = async (
  ctx: Ctx,
  { engine }: ManagedEngine,
  project?: string,
): Promise<ContainerInfo[]> =>
  await engine.containers.list({
    labels: [project === undefined ? PROJECT_LABEL : `${PROJECT_LABEL}=${project}`],
    signal: ctx.signal,
    timeoutMs: 15_000,
  });

export const toStackDetails = async (ctx: Ctx, managed: ManagedEngine, row: StackRow): Promise<StackDetails> => {
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
};

export const seesStack = (ctx: Ctx, row: Pick<StackRow, 'ownerId'>): boolean =>
  may(ctx, 'stack.read', stackResource(row));
