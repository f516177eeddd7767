import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import { requireAllowed } from '../containers/rules.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import { engineOf, projectOf, requireMaking, resourceOf, seesAll } from '../engines/owner.ts';
import { messageOf } from '../errors.ts';
import { say } from '../reasons.ts';
import { inTransaction, verb } from '../verb.ts';
import { checkOnDisk } from './checked.ts';
import { envNames, keepMasked } from './env-text.ts';
import { insertStack, requireFree } from './keep.ts';
import { locateStack, takenPlace } from './place.ts';
import { putText } from './put-text.ts';
import { openEnv, projectContainers, requireStack, seesStack, statusOf, toStack, toStackDetails } from './queries.ts';
import {
  CreateStack,
  ListStacks,
  StackRef,
  UpdateStack,
  type Stack,
  type StackDetails,
  type StackPage,
} from './schema.ts';

/** Projects that are only on the engine, as far as the actor sees all of their containers. */
async function foreignProjects(
  ctx: Ctx,
  { name, compose }: ManagedEngine,
  kept: ReadonlySet<string>,
): Promise<Stack[]> {
  const found = await compose.projects({ signal: ctx.signal });
  return found
    .filter(({ project }) => !kept.has(project))
    .filter(({ containers }) =>
      containers.every((info) => may(ctx, 'container.read', resourceOf('container', name, info))),
    )
    .map(({ project, folder, services: declared, containers }) => {
      const all = declared.map((service) => ({ name: service, isOptional: false }));
      const { services, isRunning } = statusOf(ctx, name, all, containers);
      return {
        id: null,
        engine: name,
        project,
        path: null,
        folder: seesAll(ctx, 'stack') ? folder : null,
        owner: null,
        ownerName: null,
        adopted: false,
        services,
        isRunning,
        lastResult: null,
        deployedAt: null,
        createdAt: null,
        updatedAt: null,
      };
    });
}

/** Stacks of the actor, and projects that could be adopted; stored stacks are listed even while the engine is away. */
export const listStacks = verb(
  { name: 'stack.read', access: 'read', input: ListStacks },
  async (ctx, input): Promise<StackPage> => {
    const managed = engineOf(ctx, input.engine);
    const all = await ctx.db.select().from(tables.stacks).where(eq(tables.stacks.engine, managed.name));
    let engineError: string | null = null;
    const containers = await projectContainers(ctx, managed).catch((error: unknown) => {
      engineError = messageOf(fromEngine(error));
      return null;
    });
    const groups = containers && Map.groupBy(containers, ({ labels }) => projectOf(labels) ?? '');
    const kept = all
      .filter((row) => seesStack(ctx, row))
      .map((row) => toStack(ctx, managed, row, groups === null ? null : (groups.get(row.project) ?? [])));
    const names = new Set(all.map(({ project }) => project));
    const foreign = input.foreign && containers ? await foreignProjects(ctx, managed, names) : [];
    const search = input.search?.trim().toLowerCase() ?? '';
    const items = [...kept, ...foreign]
      .filter(({ project, path }) => `${project}\n${path ?? ''}`.toLowerCase().includes(search))
      .toSorted((a, b) => (a.project < b.project ? -1 : 1));
    return { items, engineError };
  },
);

export const getStack = verb(
  { name: 'stack.read', access: 'read', input: StackRef },
  async (ctx, input): Promise<StackDetails> => {
    const row = await requireStack(ctx, input.id);
    return await toStackDetails(ctx, engineOf(ctx, row.engine), row);
  },
);

/** The environment file with its values. */
export const revealStackEnv = verb(
  { name: 'stack.reveal', access: 'write', input: StackRef },
  async (ctx, input): Promise<{ env: string | null }> => {
    const row = await requireStack(ctx, input.id, 'stack.reveal');
    ctx.audit({ id: row.id, details: { project: row.project } });
    return { env: openEnv(ctx, row) };
  },
);

/** Stores a new stack and its files; starts nothing. Violations are refused already here. */
export const createStack = verb(
  { name: 'stack.create', access: 'write', input: CreateStack, tx: false },
  async (ctx, { engine, path = null, content, env }): Promise<StackDetails> => {
    const managed = engineOf(ctx, engine);
    requireMaking(ctx, 'stack.create', 'stack', managed.name);
    const { stack, row: there, taken } = await locateStack(ctx, managed, { content, path, env });
    if (taken !== null) throw takenPlace(taken);
    if (there) throw takenPlace(say('isStackAlready', { project: stack.project }));
    await requireFree(ctx, managed, stack);
    requireAllowed(await checkOnDisk(ctx, managed, stack, { content, env }, ({ refused }) => refused.length === 0));
    const row = await inTransaction(ctx, async (inner) => {
      const made = await insertStack(inner, managed, stack, { content, env, path });
      inner.audit({ id: made.id, details: { project: made.project, engine: made.engine, env: envNames(env) } });
      return made;
    });
    return await toStackDetails(ctx, managed, row);
  },
);

/** Changes a stack's content and environment after looking at them; what runs stays as it is until the next `up`. */
export const updateStack = verb(
  { name: 'stack.update', access: 'write', input: UpdateStack, tx: false },
  async (ctx, input): Promise<StackDetails> => {
    const row = await requireStack(ctx, input.id, 'stack.update');
    const managed = engineOf(ctx, row.engine);
    const before = openEnv(ctx, row);
    const content = input.content ?? row.content;
    const given = input.env === undefined ? before : input.env;
    const env = given === null ? null : keepMasked(given, before);
    return await putText(ctx, managed, row, { content, env });
  },
);
