import type { PrunePreview, PruneResult, VolumeInfo } from '@switchboard/docker';
import type { Action } from '../access/actions.ts';
import { may } from '../access/require.ts';
import { referenceTo } from '../access/resource-kinds.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import {
  checkOwnLabels,
  engineOf,
  ownerLabels,
  ownerName,
  ownerOf,
  projectOf,
  requireMaking,
  requireOn,
  requirePrunable,
  resourceOf,
} from '../engines/owner.ts';
import { OnEngine } from '../engines/schema.ts';
import { DomainError, isDomainError } from '../errors.ts';
import { forgetReferences } from '../keys/bounds-of-gone.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { CreateVolume, ListVolumes, PruneVolumes, RemoveVolume, VolumeRef, type Volume } from './schema.ts';

function toVolume(ctx: Ctx, engine: string, info: VolumeInfo): Volume {
  const owner = ownerOf(info.labels);
  const project = projectOf(info.labels) ?? null;
  return { ...info, engine, owner, ownerName: ownerName(ctx, owner), project };
}

function absentVolume(name: string): DomainError {
  return new DomainError('not_found', say('noVolume', { name }), { value: name });
}

async function requireVolume(
  ctx: Ctx,
  { name: at, engine }: ManagedEngine,
  name: string,
  action: Action = 'volume.read',
): Promise<VolumeInfo> {
  const found = await engine.volumes.get(name, { signal: ctx.signal }).catch((thrown: unknown) => {
    const error = fromEngine(thrown);
    throw isDomainError(error) && error.code === 'not_found' ? absentVolume(name) : error;
  });
  requireOn(ctx, action, resourceOf('volume', at, found), () => absentVolume(name));
  return found;
}

function byName(a: Volume, b: Volume): number {
  return a.name < b.name ? -1 : 1;
}

export const listVolumes = verb(
  { name: 'volume.read', access: 'read', input: ListVolumes },
  async (ctx, input): Promise<Volume[]> => {
    const { name, engine } = engineOf(ctx, input.engine);
    const search = input.search?.trim().toLowerCase() ?? '';
    return (await engine.volumes.list({ sizes: input.sizes, signal: ctx.signal }))
      .filter((volume) => may(ctx, 'volume.read', resourceOf('volume', name, volume)))
      .filter((volume) => volume.name.toLowerCase().includes(search))
      .map((volume) => toVolume(ctx, name, volume))
      .toSorted(byName);
  },
);

export const getVolume = verb(
  { name: 'volume.read', access: 'read', input: VolumeRef },
  async (ctx, input): Promise<Volume> => {
    const managed = engineOf(ctx, input.engine);
    return toVolume(ctx, managed.name, await requireVolume(ctx, managed, input.name));
  },
);

/** Drivers and their options lead to the host or to other machines. */
function checkDriver(ctx: Ctx, { driver = 'local', options = {} }: { driver?: string; options?: object }): void {
  if ((driver === 'local' && Object.keys(options).length === 0) || may(ctx, 'container.unconfined')) return;
  throw new DomainError('forbidden', say('driverOutside', { driver }));
}

export const createVolume = verb(
  { name: 'volume.create', access: 'write', input: CreateVolume, tx: false },
  async (ctx, { engine, ...input }): Promise<Volume> => {
    const managed = engineOf(ctx, engine);
    requireMaking(ctx, 'volume.create', 'volume', managed.name);
    checkDriver(ctx, input);
    checkOwnLabels(input.labels);
    const labels = { ...input.labels, ...ownerLabels(ctx.actor) };
    const made = await managed.engine.volumes.create({ ...input, labels });
    ctx.audit({ id: made.name, details: { engine: managed.name, driver: made.driver } });
    return toVolume(ctx, managed.name, made);
  },
);

export const removeVolume = verb(
  { name: 'volume.remove', access: 'write', input: RemoveVolume, tx: false },
  async (ctx, { engine, name, force }): Promise<void> => {
    const managed = engineOf(ctx, engine);
    await requireVolume(ctx, managed, name, 'volume.remove');
    await managed.engine.volumes.remove(name, { force });
    await forgetReferences(ctx, [referenceTo('volume', managed.name, name)]);
    ctx.audit({ id: name, details: { engine: managed.name, force } });
  },
);

async function prunable(ctx: Ctx, { name, engine }: ManagedEngine): Promise<VolumeInfo[]> {
  const { items } = await engine.volumes.previewPrune({ signal: ctx.signal });
  return items.filter((volume) => may(ctx, 'volume.remove', resourceOf('volume', name, volume)));
}

/** The volumes that pruning would remove: those of the actor that no container mounts. */
export const previewPruneVolumes = verb(
  { name: 'volume.read', access: 'read', input: OnEngine },
  async (ctx, input): Promise<PrunePreview<Volume>> => {
    const managed = engineOf(ctx, input.engine);
    const items = (await prunable(ctx, managed)).map((volume) => toVolume(ctx, managed.name, volume));
    return { items, bytes: items.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) };
  },
);

/** Removes these of the unused volumes, and no other. */
export const pruneVolumes = verb(
  { name: 'volume.remove', access: 'write', input: PruneVolumes, tx: false },
  async (ctx, { engine, names }): Promise<PruneResult> => {
    const managed = engineOf(ctx, engine);
    const unused = await prunable(ctx, managed);
    requirePrunable(
      names,
      unused.map(({ name }) => name),
      'noUnusedVolume',
    );
    const result = await managed.engine.volumes.prune(names);
    await forgetReferences(
      ctx,
      result.removed.map((name) => referenceTo('volume', managed.name, name)),
    );
    for (const name of result.removed) ctx.audit({ id: name, details: { engine: managed.name, prune: true } });
    return result;
  },
);
