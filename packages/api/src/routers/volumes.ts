import { OnEngine } from '@switchboard/core/engines/schema';
import * as core from '@switchboard/core/volumes';
import * as schema from '@switchboard/core/volumes/schema';
import { authed, router } from '../trpc.ts';

export const volumes = router({
  list: authed.input(schema.ListVolumes.prefault({})).query(({ ctx, input }) => core.listVolumes(ctx.core, input)),
  get: authed.input(schema.VolumeRef).query(({ ctx, input }) => core.getVolume(ctx.core, input)),
  create: authed.input(schema.CreateVolume).mutation(({ ctx, input }) => core.createVolume(ctx.core, input)),
  remove: authed.input(schema.RemoveVolume).mutation(({ ctx, input }) => core.removeVolume(ctx.core, input)),
  prunePreview: authed
    .input(OnEngine.prefault({}))
    .query(({ ctx, input }) => core.previewPruneVolumes(ctx.core, input)),
  prune: authed.input(schema.PruneVolumes).mutation(({ ctx, input }) => core.pruneVolumes(ctx.core, input)),
});
