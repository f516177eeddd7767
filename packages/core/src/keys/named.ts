import { and, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import { readReference, type ResourceKindName } from '../access/resource-kinds.ts';
import type { EngineResource, ModelResource, WholeEngine } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import { resourceOf, wholeEngine } from '../engines/owner.ts';
import { invalidField, isDomainError, type DomainError } from '../errors.ts';
import { imageResource } from '../images/queries.ts';
import { findModel, modelResource } from '../models/queries.ts';
import { demoName } from '../models/schema.ts';
import { say } from '../reasons.ts';
import { findByProject, stackResource } from '../stacks/queries.ts';

type OnEngine = EngineResource | WholeEngine;

/** Finds what a name of one kind means; null where it means nothing, or nothing that the actor sees. */
type Find = (ctx: Ctx, name: string) => Promise<OnEngine | ModelResource | null>;

function isAbsent(error: unknown): boolean {
  return isDomainError(error) && (error.code === 'not_found' || error.code === 'invalid');
}

/** The name of an object on an engine starts with the engine's name and a `/`. */
function onEngine(
  type: OnEngine['type'],
  find: (ctx: Ctx, managed: ManagedEngine, name: string) => Promise<OnEngine | null>,
): Find {
  return async (ctx, given) => {
    const [engine = '', ...rest] = given.split('/');
    // A caller who may read none causes no request to the engine.
    if (!may(ctx, `${type}.read`) || !ctx.docker.engines.names().includes(engine)) return null;
    try {
      const found = await find(ctx, ctx.docker.engines.get(engine), rest.join('/'));
      return found && may(ctx, `${type}.read`, found) ? found : null;
    } catch (thrown) {
      const error = fromEngine(thrown);
      if (isAbsent(error)) return null;
      throw error;
    }
  };
}

/** A kind without a row does not compile. */
const finders: Readonly<Record<ResourceKindName, Find>> = {
  engine: onEngine('engine', (_ctx, { name }) => Promise.resolve(wholeEngine(name))),
  stack: onEngine('stack', async (ctx, managed, project) => {
    const row = await findByProject(ctx, managed.name, project);
    return row && stackResource(row);
  }),
  container: onEngine('container', async ({ signal }, { name: at, engine }, name) =>
    resourceOf('container', at, await engine.containers.get(name, { signal })),
  ),
  image: onEngine('image', async ({ signal }, { name: at, engine }, name) =>
    imageResource(at, await engine.images.get(name, { signal })),
  ),
  volume: onEngine('volume', async ({ signal }, { name: at, engine }, name) =>
    resourceOf('volume', at, await engine.volumes.get(name, { signal })),
  ),
  network: onEngine('network', async ({ signal }, { name: at, engine }, name) => {
    const network = await engine.networks.get(name, { signal });
    return resourceOf('network', at, network, network.builtIn);
  }),
  model: async (ctx, name) => {
    const row = await findModel(ctx.db, name);
    const found = row && modelResource(row);
    return found && may(ctx, 'model.read', found) ? found : null;
  },
};

function unknown(reference: string): DomainError {
  return invalidField('resources', say('notSeen', { name: reference }));
}

/**
 * Refuses references to objects that do not exist, or that the actor does not see. Asks engines, so no transaction is
 * open.
 */
export async function requireResources(ctx: Ctx, references: readonly string[]): Promise<void> {
  for (const reference of references) {
    const read = readReference(reference);
    const found = read && (await finders[read.kind](ctx, read.name));
    if (!found) throw unknown(reference);
    const [whole] = found.refs ?? [];
    // A beginning of an id, or a name without its tag, means something else tomorrow.
    if (!found.refs?.includes(reference) && whole !== undefined) {
      throw invalidField('resources', say('notWholeName', { name: reference, whole }));
    }
  }
}

/** Locks the named stacks and models until the transaction ends, so that none is removed before the key is stored. */
export async function holdNamed(ctx: Ctx, references: readonly string[]): Promise<void> {
  const { stacks, models } = tables;
  for (const reference of references) {
    const read = readReference(reference);
    if (read?.kind === 'model' && read.name !== demoName) {
      const [row] = await ctx.db.select({ id: models.id }).from(models).where(eq(models.name, read.name)).for('share');
      if (!row) throw unknown(reference);
    }
    if (read?.kind !== 'stack') continue;
    const [engine = '', ...rest] = read.name.split('/');
    const isIt = and(eq(stacks.engine, engine), eq(stacks.project, rest.join('/')));
    const [row] = await ctx.db.select({ id: stacks.id }).from(stacks).where(isIt).for('share');
    if (!row) throw unknown(reference);
  }
}
