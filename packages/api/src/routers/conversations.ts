import * as core from '@switchboard/core/conversations';
import * as schema from '@switchboard/core/conversations/schema';
import { authed, router, until } from '../trpc.ts';

export const conversations = router({
  list: authed
    .input(schema.ListConversations.prefault({}))
    .query(({ ctx, input }) => core.listConversations(ctx.core, input)),
  get: authed.input(schema.GetConversation).query(({ ctx, input }) => core.getConversation(ctx.core, input)),
  /** The tools that a choice offers to a model, and their cost in its context. */
  tools: authed.input(schema.ChosenTools).query(({ ctx, input }) => core.previewTools(ctx.core, input)),
  /** Prompts and resources of a choice, for commands and mentions. */
  extras: authed.input(schema.ChosenTools).query(({ ctx, input }) => core.listExtras(ctx.core, input)),
  usePrompt: authed.input(schema.UsePrompt).mutation(({ ctx, input }) => core.usePrompt(ctx.core, input)),
  readResource: authed.input(schema.ReadExtra).mutation(({ ctx, input }) => core.readExtra(ctx.core, input)),
  complete: authed.input(schema.CompleteExtra).query(({ ctx, input }) => core.completeExtra(ctx.core, input)),
  export: authed.input(schema.ByConversation).query(({ ctx, input }) => core.exportConversation(ctx.core, input)),
  import: authed
    .input(schema.ImportConversation)
    .mutation(({ ctx, input }) => core.importConversation(ctx.core, input)),
  say: authed.input(schema.Say).mutation(({ ctx, input }) => core.sayIn(ctx.core, input)),
  follow: authed
    .input(schema.FollowRound)
    .subscription(({ ctx, input, signal }) => core.followRound(until(ctx, signal), input)),
  stop: authed.input(schema.ByRun).mutation(({ ctx, input }) => core.stopRound(ctx.core, input)),
  /** Goes on with an answer that ended in the middle. */
  goOn: authed.input(schema.ByRun).mutation(({ ctx, input }) => core.continueRound(ctx.core, input)),
  answer: authed.input(schema.AnswerRound).mutation(({ ctx, input }) => core.answerRound(ctx.core, input)),
  update: authed
    .input(schema.UpdateConversation)
    .mutation(({ ctx, input }) => core.updateConversation(ctx.core, input)),
  share: authed.input(schema.ShareConversation).mutation(({ ctx, input }) => core.shareConversation(ctx.core, input)),
  select: authed.input(schema.SelectRound).mutation(({ ctx, input }) => core.selectRound(ctx.core, input)),
  compact: authed.input(schema.Compact).mutation(({ ctx, input }) => core.compactConversation(ctx.core, input)),
  undoCompaction: authed
    .input(schema.ByConversation)
    .mutation(({ ctx, input }) => core.undoCompaction(ctx.core, input)),
  rules: authed.input(schema.ListToolRules.prefault({})).query(({ ctx, input }) => core.listToolRules(ctx.core, input)),
  setRule: authed.input(schema.SetToolRule).mutation(({ ctx, input }) => core.setToolRule(ctx.core, input)),
  presets: authed.query(({ ctx }) => core.listPresets(ctx.core, {})),
  keepPresets: authed.input(schema.KeepPresets).mutation(({ ctx, input }) => core.keepPresets(ctx.core, input)),
  forgetPreset: authed.input(schema.ForgetPreset).mutation(({ ctx, input }) => core.forgetPreset(ctx.core, input)),
  // Readings by admins change nothing but the trail; a query would be repeated, and recorded, unasked.
  listOthers: authed
    .input(schema.ListOthers.prefault({}))
    .mutation(({ ctx, input }) => core.listOthers(ctx.core, input)),
  inspect: authed.input(schema.GetConversation).mutation(({ ctx, input }) => core.inspectConversation(ctx.core, input)),
  remove: authed.input(schema.ByConversation).mutation(({ ctx, input }) => core.removeConversation(ctx.core, input)),
});
