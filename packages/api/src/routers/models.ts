import * as core from '@switchboard/core/models';
import * as schema from '@switchboard/core/models/schema';
import { authed, router } from '../trpc.ts';

export const models = router({
  list: authed.query(({ ctx }) => core.listModels(ctx.core, {})),
  get: authed.input(schema.ModelById).query(({ ctx, input }) => core.getModel(ctx.core, input)),
  create: authed.input(schema.CreateModel).mutation(({ ctx, input }) => core.createModel(ctx.core, input)),
  update: authed.input(schema.UpdateModel).mutation(({ ctx, input }) => core.updateModel(ctx.core, input)),
  remove: authed.input(schema.ModelById).mutation(({ ctx, input }) => core.removeModel(ctx.core, input)),
  test: authed.input(schema.ModelById).mutation(({ ctx, input }) => core.testModel(ctx.core, input)),
  testDraft: authed.input(schema.ModelDraft).mutation(({ ctx, input }) => core.testModelDraft(ctx.core, input)),
  /** The models that the provider of a draft offers. */
  offered: authed.input(schema.ModelDraft).mutation(({ ctx, input }) => core.listOffered(ctx.core, input)),
  use: authed.input(schema.ModelMonth.prefault({})).query(({ ctx, input }) => core.modelUse(ctx.core, input)),
  budgets: authed.input(schema.ListBudgets.prefault({})).query(({ ctx, input }) => core.listBudgets(ctx.core, input)),
  setBudget: authed.input(schema.SetBudget).mutation(({ ctx, input }) => core.setBudget(ctx.core, input)),
});
