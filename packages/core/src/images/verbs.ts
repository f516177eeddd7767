import type { ImageSummary, PrunePreview, PruneResult } from '@switchboard/docker';
import { may } from '../access/require.ts';
import { referenceTo } from '../access/resource-kinds.ts';
import type { Ctx } from '../context.ts';
import { auditRun } from '../engines/audited-run.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { engineOf, newResource, ownerName, ownerOf, requireMaking, requirePrunable } from '../engines/owner.ts';
import { startEngineRun } from '../engines/runs.ts';
import type { EngineRun } from '../engines/schema.ts';
import { forgetReferences } from '../keys/bounds-of-gone.ts';
import { verb, type VerbCtx } from '../verb.ts';
import {
  absentImage,
  imageResource,
  mayRemoveImage,
  requireFreeTag,
  requireImage,
  requireImageUse,
} from './queries.ts';
import {
  ImageRef,
  ListImages,
  PreviewPruneImages,
  Prune,
  PullImage,
  RemoveImage,
  TagImage,
  type Image,
  type ImageDetails,
} from './schema.ts';

function withOwner<Item extends { labels: Record<string, string> }>(ctx: Ctx, engine: string, item: Item) {
  const owner = ownerOf(item.labels);
  return { ...item, engine, owner, ownerName: ownerName(ctx, owner) };
}

function matches(search: string, { id, tags }: ImageSummary): boolean {
  return search === '' || [id, ...tags].some((text) => text.toLowerCase().includes(search));
}

/** Pulled images, and those the actor built; newest first. */
export const listImages = verb(
  { name: 'image.read', access: 'read', input: ListImages },
  async (ctx, input): Promise<Image[]> => {
    const { name, engine } = engineOf(ctx, input.engine);
    const search = input.search?.trim().toLowerCase() ?? '';
    const all = await engine.images.list({ signal: ctx.signal });
    return all
      .filter((image) => may(ctx, 'image.read', imageResource(name, image)) && matches(search, image))
      .toSorted((a, b) => Date.parse(b.created) - Date.parse(a.created))
      .map((image) => withOwner(ctx, name, image));
  },
);

export const getImage = verb(
  { name: 'image.read', access: 'read', input: ImageRef },
  async (ctx, input): Promise<ImageDetails> => {
    const managed = engineOf(ctx, input.engine);
    return withOwner(ctx, managed.name, await requireImage(ctx, managed, input.image));
  },
);

/** Starts a pull; the run has the progress of its layers. */
export const pullImage = verb(
  { name: 'image.pull', access: 'write', input: PullImage, tx: false },
  async (ctx, { engine, image, login }): Promise<EngineRun> => {
    const managed = engineOf(ctx, engine);
    requireMaking(ctx, 'image.pull', 'image', managed.name);
    await requireImageUse(ctx, managed, image, { pulls: true });
    const resource = newResource(ctx, 'image', managed.name);
    const plan = { kind: 'image.pull', engine: managed.name, subject: image, resource } as const;
    const run = startEngineRun(ctx, plan, async ({ signal, progress }) => {
      await managed.engine.images.pull(image, { onProgress: progress, signal, ...(login && { login }) });
      const { id, tags } = await managed.engine.images.get(image);
      return { id, tags };
    });
    await auditRun(ctx, run, { engine: managed.name, as: login?.username ?? null });
    return run;
  },
);

export const tagImage = verb(
  { name: 'image.tag', access: 'write', input: TagImage, tx: false },
  async (ctx, { engine, image, as }): Promise<ImageDetails> => {
    const managed = engineOf(ctx, engine);
    requireMaking(ctx, 'image.tag', 'image', managed.name);
    const { id } = await requireImage(ctx, managed, image);
    await requireFreeTag(ctx, managed, as);
    await managed.engine.images.tag(id, as);
    ctx.audit({ id, details: { engine: managed.name, as } });
    return withOwner(ctx, managed.name, await requireImage(ctx, managed, as));
  },
);

export const removeImage = verb(
  { name: 'image.remove', access: 'write', input: RemoveImage, tx: false },
  async (ctx, { engine, image, force }): Promise<void> => {
    const managed = engineOf(ctx, engine);
    const found = await requireImage(ctx, managed, image, 'image.remove');
    const { id, tags } = found;
    if (!mayRemoveImage(ctx, managed.name, found)) throw absentImage(image);
    await managed.engine.images.remove(image, { force });
    await forgetImages(ctx, managed, [found]);
    ctx.audit({ id, details: { engine: managed.name, image, tags, force } });
  },
);

/** Names that an image had and that no image has any more. */
async function forgetImages(
  ctx: VerbCtx,
  { name, engine }: ManagedEngine,
  removed: readonly { id: string; tags: readonly string[] }[],
): Promise<void> {
  const left = (await engine.images.list()).flatMap(({ id, tags }) => [id, ...tags]);
  const gone = removed.flatMap(({ id, tags }) => [id, ...tags]).filter((one) => !left.includes(one));
  await forgetReferences(
    ctx,
    gone.map((one) => referenceTo('image', name, one)),
  );
}

async function prunable(ctx: Ctx, engine: string | undefined, all: boolean): Promise<ImageSummary[]> {
  const managed = engineOf(ctx, engine);
  const { items } = await managed.engine.images.previewPrune({ all, signal: ctx.signal });
  return items.filter((image) => mayRemoveImage(ctx, managed.name, image));
}

/** The images that pruning would remove: unused ones that the actor may remove. */
export const previewPruneImages = verb(
  { name: 'image.read', access: 'read', input: PreviewPruneImages },
  async (ctx, { engine, all }): Promise<PrunePreview<Image>> => {
    const { name } = engineOf(ctx, engine);
    const items = (await prunable(ctx, engine, all)).map((image) => withOwner(ctx, name, image));
    return { items, bytes: items.reduce((sum, { bytes }) => sum + bytes, 0) };
  },
);

/** Removes these of the unused images, and no other. */
export const pruneImages = verb(
  { name: 'image.remove', access: 'write', input: Prune, tx: false },
  async (ctx, { engine, ids }): Promise<PruneResult> => {
    const managed = engineOf(ctx, engine);
    const unused = await prunable(ctx, engine, true);
    requirePrunable(
      ids,
      unused.map(({ id }) => id),
      'noUnusedImage',
    );
    const result = await managed.engine.images.prune(ids);
    await forgetImages(
      ctx,
      managed,
      unused.filter(({ id }) => result.removed.includes(id)),
    );
    const tags = new Map(unused.map((image) => [image.id, image.tags]));
    for (const id of result.removed) {
      ctx.audit({ id, details: { engine: managed.name, tags: tags.get(id), prune: true } });
    }
    return result;
  },
);
