import type { ImageDetails as EngineImage } from '@switchboard/docker';
import type { Action } from '../access/actions.ts';
import { may } from '../access/require.ts';
import type { EngineResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import type { Engines, ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import { ownerOf, projectOf, refsOf, requireOn } from '../engines/owner.ts';
import { DomainError, isDomainError } from '../errors.ts';
import { say } from '../reasons.ts';

interface Labelled {
  id: string;
  tags: readonly string[];
  labels: Readonly<Record<string, string>>;
}

/** An image, by all of its names or by those of them that it is about. */
export function imageResource(
  engine: string,
  { id, tags, labels }: Labelled,
  names: readonly string[] = [...tags, id],
): EngineResource {
  const owner = ownerOf(labels);
  return {
    type: 'image',
    owner,
    shared: owner === null,
    refs: refsOf('image', engine, { names, stack: projectOf(labels) }),
  };
}

/** Whether the actor may remove an image: with all of its names, each of which a key has to reach. */
export function mayRemoveImage(ctx: Ctx, engine: string, image: Labelled): boolean {
  const names = image.tags.length === 0 ? [image.id] : image.tags;
  return names.every((name) => may(ctx, 'image.remove', imageResource(engine, image, [name])));
}

export function absentImage(image: string): DomainError {
  return new DomainError('not_found', say('noImage', { image }), { value: image });
}

async function byName(ctx: Ctx, { engine }: ManagedEngine, image: string): Promise<EngineImage | null> {
  try {
    return await engine.images.get(image, { signal: ctx.signal });
  } catch (thrown) {
    const error = fromEngine(thrown);
    if (isDomainError(error) && error.code === 'not_found') return null;
    throw error;
  }
}

/** A text that matches no name is taken for the beginning of an id by the engine, however short it is. */
async function byBeginning(ctx: Ctx, managed: ManagedEngine, given: string): Promise<EngineImage | null> {
  const [, hex] = /^(?:sha256:)?([0-9a-f]{1,64})$/.exec(given) ?? [];
  if (hex === undefined) return null;
  const { signal } = ctx;
  const fitting = (await managed.engine.images.list({ signal })).filter(({ id }) => id.startsWith(`sha256:${hex}`));
  const foreign = fitting.find((image) => !may(ctx, 'image.read', imageResource(managed.name, image)));
  const [first] = foreign ? [foreign] : fitting;
  return first ? await byName(ctx, managed, first.id) : null;
}

async function find(ctx: Ctx, managed: ManagedEngine, image: string): Promise<EngineImage | null> {
  return (await byName(ctx, managed, image)) ?? (await byBeginning(ctx, managed, image));
}

/** An image by id or name; absent where somebody else built it. */
export async function requireImage(
  ctx: Ctx,
  managed: ManagedEngine,
  image: string,
  action: Action = 'image.read',
): Promise<EngineImage> {
  const found = await find(ctx, managed, image);
  if (!found) throw absentImage(image);
  requireOn(ctx, action, imageResource(managed.name, found), () => absentImage(image));
  return found;
}

/** The same for the owner of a server, who has no right to private addresses. */
export async function refuseOddRegistry({ policy }: Engines, image: string): Promise<void> {
  const reason = await policy.refuseRegistry(image).catch((error: unknown) => {
    throw fromEngine(error);
  });
  if (reason === null) return;
  throw new DomainError('forbidden', say('registryRefused', { image, reason }), { field: 'image', value: image });
}

/**
 * Refuses a registry that only this machine or its network can reach: the engine would ask there in the hub's place.
 * Hosts of images that the settings allow to everybody are known to be meant.
 */
export async function requireRegistry(ctx: Ctx, image: string): Promise<void> {
  if (!may(ctx, 'container.unconfined')) await refuseOddRegistry(ctx.docker.engines, image);
}

/**
 * Refuses an image of somebody else. A missing image has no owner, but its registry has to be allowed. `pulls`: it is
 * fetched although it exists; `isBuilt`: it is not fetched where it is missing. Returns the image where it exists.
 */
export async function requireImageUse(
  ctx: Ctx,
  managed: ManagedEngine,
  image: string,
  { pulls = false, isBuilt = false } = {},
): Promise<EngineImage | null> {
  const found = await find(ctx, managed, image);
  const resource = found && { ...imageResource(managed.name, found), isRun: true };
  if (resource) requireOn(ctx, 'image.read', resource, () => absentImage(image));
  if (pulls || (!found && !isBuilt)) await requireRegistry(ctx, image);
  return found;
}

/** A name can be moved to another image by a caller who may remove the image that has it. */
export async function requireFreeTag(ctx: Ctx, managed: ManagedEngine, tag: string): Promise<void> {
  const found = await find(ctx, managed, tag);
  if (!found) return;
  function taken() {
    return new DomainError('conflict', say('tagNotYours', { tag }), {
      field: 'tag',
    });
  }
  try {
    requireOn(ctx, 'image.remove', imageResource(managed.name, found, [tag]), taken);
  } catch {
    throw taken();
  }
}
