import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { referenceTo } from '../access/resource-kinds.ts';
import { auditRun } from '../engines/audited-run.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { engineOf, projectOf } from '../engines/owner.ts';
import type { EngineRun } from '../engines/schema.ts';
import { DomainError } from '../errors.ts';
import { requireRegistry } from '../images/queries.ts';
import { forgetReferences } from '../keys/bounds-of-gone.ts';
import { say } from '../reasons.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { removeVersions } from '../versions/versions.ts';
import { imagesOf } from './checked.ts';
import { maskOf } from './env-text.ts';
import { canScale, prepare, startOnProject, startRun, startScale, startUp, tellLines } from './operations.ts';
import { onDisk, openEnv, projectContainers, requireStack, type StackRow } from './queries.ts';
import { DownStack, OperateStack, RemoveStack, ScaleStack, StackRef, UpStack, type ImageUpdate } from './schema.ts';
import { versionedStack } from './snapshot.ts';

interface Named {
  name: string;
  labels: Readonly<Record<string, string>>;
}

function note(ctx: VerbCtx, run: EngineRun, row: StackRow, details: Record<string, unknown>): Promise<void> {
  return auditRun(ctx, run, { project: row.project, engine: row.engine, ...details });
}

/** Deploys a stack: only changed services are created again. The run has the output of Compose. */
export const upStack = verb(
  { name: 'stack.operate', access: 'write', input: UpStack, tx: false },
  async (ctx, { id, ...choice }): Promise<EngineRun> => {
    const row = await requireStack(ctx, id, 'stack.operate');
    const managed = engineOf(ctx, row.engine);
    const checked = await prepare(ctx, managed, row);
    if (choice.pull === 'always') {
      for (const image of new Set(imagesOf(checked.model).values())) await requireRegistry(ctx, image);
    }
    const run = startUp(ctx, managed, row, checked, choice);
    await note(ctx, run, row, { does: 'up', ...choice });
    return run;
  },
);

/** Removes its containers and networks, and its volumes only where asked. */
export const downStack = verb(
  { name: 'stack.operate', access: 'write', input: DownStack, tx: false },
  async (ctx, { id, volumes }): Promise<EngineRun> => {
    const row = await requireStack(ctx, id, 'stack.operate');
    const run = startOnProject(ctx, engineOf(ctx, row.engine), row, 'down', { volumes });
    await note(ctx, run, row, { does: 'down', volumes });
    return run;
  },
);

function operates(does: 'stop' | 'restart') {
  return verb(
    { name: 'stack.operate', access: 'write', input: OperateStack, tx: false },
    async (ctx, { id, services = [] }) => {
      const row = await requireStack(ctx, id, 'stack.operate');
      const run = startOnProject(ctx, engineOf(ctx, row.engine), row, does, { services });
      await note(ctx, run, row, { does, services });
      return run;
    },
  );
}

/** Its containers stay, stopped. */
export const stopStack = operates('stop');
export const restartStack = operates('restart');

/** The number of containers of a service, stored when they run. */
export const scaleStack = verb(
  { name: 'stack.operate', access: 'write', input: ScaleStack, tx: false },
  async (ctx, { id, service, replicas }): Promise<EngineRun> => {
    const row = await requireStack(ctx, id, 'stack.operate');
    const managed = engineOf(ctx, row.engine);
    const checked = await prepare(ctx, managed, row);
    if (!canScale(checked.model, service, 0)) {
      throw new DomainError('not_found', say('noService', { service }), { value: service });
    }
    if (!canScale(checked.model, service, replicas)) {
      throw new DomainError('conflict', say('onlyOneNamed', { service }), { field: 'replicas', value: service });
    }
    const run = startScale(ctx, managed, row, checked, { service, replicas });
    await note(ctx, run, row, { does: 'scale', service, replicas });
    return run;
  },
);

/** The names by which keys can reach a stack and the objects that are removed with it. */
async function refsInStack(
  ctx: VerbCtx,
  managed: ManagedEngine,
  { project }: StackRow,
  { volumes: withVolumes }: { volumes: boolean },
): Promise<string[]> {
  const { name: at, engine } = managed;
  const [containers, networks, volumes] = await Promise.all([
    projectContainers(ctx, managed, project),
    engine.networks.list(),
    withVolumes ? engine.volumes.list() : [],
  ]);
  function named(kind: 'container' | 'network' | 'volume', found: readonly Named[]) {
    return found.filter(({ labels }) => projectOf(labels) === project).map(({ name }) => referenceTo(kind, at, name));
  }
  return [
    referenceTo('stack', at, project),
    ...named('container', containers),
    ...named('network', networks),
    ...named('volume', volumes),
  ];
}

/** Takes down what runs of it, then forgets it; files that it made beside its own stay. */
export const removeStack = verb(
  { name: 'stack.remove', access: 'write', input: RemoveStack, tx: false },
  async (ctx, { id, volumes }): Promise<EngineRun> => {
    const row = await requireStack(ctx, id, 'stack.remove');
    const managed = engineOf(ctx, row.engine);
    const run = startRun(ctx, row, 'remove', 'stack.remove', async (teller) => {
      const place = onDisk(managed, row);
      const call = { volumes, mask: maskOf(openEnv(ctx, row)), signal: teller.signal };
      const refs = await refsInStack(ctx, managed, row, { volumes });
      await managed.stacks.write(place, { content: row.content, env: openEnv(ctx, row) });
      await tellLines(teller, managed.compose.down(place, call));
      await managed.stacks.remove(place);
      await inTransaction(ctx, async (inner) => {
        await removeVersions(inner, versionedStack(row));
        await inner.db.delete(tables.stacks).where(eq(tables.stacks.id, row.id));
        await forgetReferences(inner, refs);
      });
      return null;
    });
    await note(ctx, run, row, { volumes });
    return run;
  },
);

/** Whether the registries hold newer images under the names that its services use. */
export const checkStackUpdates = verb(
  { name: 'stack.read', access: 'read', input: StackRef },
  async (ctx, input): Promise<ImageUpdate[]> => {
    const row = await requireStack(ctx, input.id);
    const managed = engineOf(ctx, row.engine);
    const { model } = await prepare(ctx, managed, row);
    const asked = [...imagesOf(model)].map(async ([service, image]): Promise<ImageUpdate> => {
      try {
        const hasUpdate = await managed.engine.images.hasUpdate(image, { signal: ctx.signal });
        return { service, image, hasUpdate, message: null };
      } catch (error) {
        return { service, image, hasUpdate: null, message: error instanceof Error ? error.message : String(error) };
      }
    });
    return await Promise.all(asked);
  },
);
