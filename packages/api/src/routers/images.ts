import * as core from '@switchboard/core/images';
import * as schema from '@switchboard/core/images/schema';
import { authed, router } from '../trpc.ts';

/** Slow work is a run: see engines.run. */
export const images = router({
  list: authed.input(schema.ListImages.prefault({})).query(({ ctx, input }) => core.listImages(ctx.core, input)),
  get: authed.input(schema.ImageRef).query(({ ctx, input }) => core.getImage(ctx.core, input)),
  pull: authed.input(schema.PullImage).mutation(({ ctx, input }) => core.pullImage(ctx.core, input)),
  build: authed.input(schema.BuildImage).mutation(({ ctx, input }) => core.buildImage(ctx.core, input)),
  tag: authed.input(schema.TagImage).mutation(({ ctx, input }) => core.tagImage(ctx.core, input)),
  remove: authed.input(schema.RemoveImage).mutation(({ ctx, input }) => core.removeImage(ctx.core, input)),
  prunePreview: authed
    .input(schema.PreviewPruneImages.prefault({}))
    .query(({ ctx, input }) => core.previewPruneImages(ctx.core, input)),
  prune: authed.input(schema.Prune).mutation(({ ctx, input }) => core.pruneImages(ctx.core, input)),
});
