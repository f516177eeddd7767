import { OnEngine } from '@switchboard/core/engines/schema';
import * as core from '@switchboard/core/networks';
import * as schema from '@switchboard/core/networks/schema';
import { authed, router } from '../trpc.ts';

export const networks = router({
  list: authed.input(schema.ListNetworks.prefault({})).query(({ ctx, input }) => core.listNetworks(ctx.core, input)),
  get: authed.input(schema.NetworkRef).query(({ ctx, input }) => core.getNetwork(ctx.core, input)),
  create: authed.input(schema.CreateNetwork).mutation(({ ctx, input }) => core.createNetwork(ctx.core, input)),
  remove: authed.input(schema.NetworkRef).mutation(({ ctx, input }) => core.removeNetwork(ctx.core, input)),
  prunePreview: authed
    .input(OnEngine.prefault({}))
    .query(({ ctx, input }) => core.previewPruneNetworks(ctx.core, input)),
  prune: authed.input(schema.PruneNetworks).mutation(({ ctx, input }) => core.pruneNetworks(ctx.core, input)),
});
