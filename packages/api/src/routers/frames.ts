import * as core from '@switchboard/core/frames';
import * as schema from '@switchboard/core/frames/schema';
import { authed, router } from '../trpc.ts';

export const frames = router({
  showApp: authed.input(schema.ShowApp).mutation(({ ctx, input }) => core.showApp(ctx.core, input)),
  showHtml: authed.input(schema.ShowHtml).mutation(({ ctx, input }) => core.showHtml(ctx.core, input)),
});
