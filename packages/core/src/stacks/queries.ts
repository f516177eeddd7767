import path from 'node:path';
import type { ContainerInfo, Stack as StackOnDisk } from '@switchboard/docker';
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

/** Declared services and those that are there without being declared, with their containers. */
export const servicesOf = (
  ctx: Ctx,
  engine: string,
  declared: readonly string[],
  containers: readonly ContainerInfo[],
): StackService[] => {
  const kept = containers.filter(({ labels }) => labels['com.docker.compose.oneoff'] !== 'True');
  const groups = Map.groupBy(kept, ({ labels }) => labels[SERVICE_LABEL] ?? '');
  return [...new Set([...declared, ...groups.keys()])].map((name) => {
    const members = (groups.get(name) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return {
      name,
      status: members[0]?.status ?? 'not_created',
      running: members.length > 0 && members.every(({ status }) => status === 'running'),
      containers: members.map((info) => toContainer(ctx, engine, info)),
    };
  });
};

/** What a content declares; nothing where it is no stack, which deploying it tells. */
export const declaredIn = (ctx: Ctx, content: string): string[] => {
  try {
    return ctx.engines.policy.declaredServices(content);
  } catch {
    return [];
  }
};

/** `containers`: those of its project; null where the engine is away. */
export const toStack = (
  ctx: Ctx,
  managed: ManagedEngine,
  row: StackRow,
  containers: readonly ContainerInfo[] | null,
): Stack & { id: string } => {
  const declared = declaredIn(ctx, row.content);
  const services = servicesOf(ctx, row.engine, declared, containers ?? []);
  const mustRun = services.filter(({ name }) => declared.includes(name));
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
    isRunning: containers === null ? null : mustRun.length > 0 && mustRun.every(({ running }) => running),
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
  const found = await managed.stacks.read(onDisk(managed, row)).catch(() => null);
  return {
    ...toStack(ctx, managed, row, containers),
    file: row.file,
    content: row.content,
    env: env === null ? null : maskEnv(env),
    scale: row.scale,
    changedOnDisk: found !== null && (found.content !== row.content || (found.env ?? null) !== env),
  };
};

export const seesStack = (ctx: Ctx, row: Pick<StackRow, 'ownerId'>): boolean =>
  may(ctx, 'stack.read', stackResource(row));
