import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import { modelReference, referenceTo, type EngineKindName } from '../access/resource-kinds.ts';
import type { EngineResource, WholeEngine } from '../access/subject.ts';
import { seenContainers } from '../containers/queries.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import { resourceOf, wholeEngine } from '../engines/owner.ts';
import { isDomainError } from '../errors.ts';
import { imageResource } from '../images/queries.ts';
import { seenModels } from '../models/queries.ts';
import { stackResource } from '../stacks/queries.ts';
import { verb } from '../verb.ts';
import type { Nameable } from './schema.ts';

interface Listed {
  name?: string;
  resource: EngineResource | WholeEngine;
}

type List = (ctx: Ctx, managed: ManagedEngine) => Promise<Listed[]>;

/** A person waits for the list. */
const timeoutMs = 15_000;

/** The list of each kind of object on an engine; a kind without a row does not compile. */
const lists: Readonly<Record<EngineKindName, List>> = {
  engine: (_ctx, { name }) => Promise.resolve([{ resource: wholeEngine(name) }]),
  stack: async (ctx, managed) => {
    const { stacks } = tables;
    const rows = await ctx.db.select().from(stacks).where(eq(stacks.engine, managed.name));
    return rows.map((row) => ({ name: row.project, resource: stackResource(row) }));
  },
  container: async (ctx, managed) =>
    (await seenContainers(ctx, managed)).map((info) => ({
      name: info.name,
      resource: resourceOf('container', managed.name, info),
    })),
  image: async ({ signal }, { name: at, engine }) =>
    (await engine.images.list({ signal, timeoutMs })).flatMap((image) =>
      image.tags.map((name) => ({ name, resource: imageResource(at, image) })),
    ),
  volume: async ({ signal }, { name: at, engine }) =>
    (await engine.volumes.list({ signal, timeoutMs })).map((volume) => ({
      name: volume.name,
      resource: resourceOf('volume', at, volume),
    })),
  network: async ({ signal }, { name: at, engine }) =>
    (await engine.networks.list({ signal, timeoutMs })).map((network) => ({
      name: network.name,
      resource: resourceOf('network', at, network, network.builtIn),
    })),
};

async function listKind(ctx: Ctx, kind: EngineKindName, managed: ManagedEngine): Promise<Nameable[]> {
  if (!may(ctx, `${kind}.read`)) return [];
  // Of an engine that is away, what the hub itself keeps can be named all the same.
  const found = await lists[kind](ctx, managed).catch((thrown: unknown) => {
    const error = fromEngine(thrown);
    if (!isDomainError(error)) throw error;
    return [];
  });
  return found
    .filter(({ resource }) => may(ctx, `${kind}.read`, resource))
    .map(({ name }) => ({ kind, reference: referenceTo(kind, managed.name, name) }))
    .toSorted((a, b) => (a.reference < b.reference ? -1 : 1));
}

async function listModels(ctx: Ctx): Promise<Nameable[]> {
  return (await seenModels(ctx)).map(({ name }) => ({ kind: 'model', reference: modelReference(name) }));
}

/**
 * The visible objects besides servers and groups that a key can be confined to; by engine, engines and stacks first.
 */
export const listNameable = verb(
  { name: 'key.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<Nameable[]> => {
    const kinds = Object.keys(lists) as EngineKindName[];
    const engines = ctx.docker.engines.names().map((name) => ctx.docker.engines.get(name));
    const found = engines.flatMap((managed) => kinds.map((kind) => listKind(ctx, kind, managed)));
    return (await Promise.all([...found, listModels(ctx)])).flat();
  },
);
