import * as core from '@switchboard/core/webhooks';
import * as schema from '@switchboard/core/webhooks/schema';
import { authed, router } from '../trpc.ts';

export const webhooks = router({
  list: authed.query(({ ctx }) => core.listWebhooks(ctx.core, {})),
  get: authed.input(schema.WebhookById).query(({ ctx, input }) => core.getWebhook(ctx.core, input)),
  create: authed.input(schema.CreateWebhook).mutation(({ ctx, input }) => core.createWebhook(ctx.core, input)),
  update: authed.input(schema.UpdateWebhook).mutation(({ ctx, input }) => core.updateWebhook(ctx.core, input)),
  remove: authed.input(schema.WebhookById).mutation(({ ctx, input }) => core.removeWebhook(ctx.core, input)),
  deliveries: authed.input(schema.ListDeliveries).query(({ ctx, input }) => core.listDeliveries(ctx.core, input)),
  test: authed.input(schema.WebhookById).mutation(({ ctx, input }) => core.testWebhook(ctx.core, input)),
  redeliver: authed.input(schema.WebhookById).mutation(({ ctx, input }) => core.redeliver(ctx.core, input)),
});
