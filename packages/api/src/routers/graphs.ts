import * as core from '@switchboard/core/graphs';
import * as schema from '@switchboard/core/graphs/schema';
import { authed, router, until } from '../trpc.ts';

export const graphs = router({
  list: authed.query(({ ctx }) => core.listGraphs(ctx.core, {})),
  get: authed.input(schema.GraphById).query(({ ctx, input }) => core.getGraph(ctx.core, input)),
  /** The problems of a graph that is being drawn, and the levels of its nodes. */
  check: authed.input(schema.CheckGraph).mutation(({ ctx, input }) => core.checkDraft(ctx.core, input)),
  save: authed.input(schema.SaveGraph).mutation(({ ctx, input }) => core.saveGraph(ctx.core, input)),
  rename: authed.input(schema.RenameGraph).mutation(({ ctx, input }) => core.renameGraph(ctx.core, input)),
  share: authed.input(schema.ShareGraph).mutation(({ ctx, input }) => core.shareGraph(ctx.core, input)),
  /** Makes a server of it, with one tool that runs it. */
  show: authed.input(schema.ShowGraph).mutation(({ ctx, input }) => core.showGraph(ctx.core, input)),
  remove: authed.input(schema.GraphById).mutation(({ ctx, input }) => core.removeGraph(ctx.core, input)),
  readme: authed.input(schema.GraphById).query(({ ctx, input }) => core.graphReadme(ctx.core, input)),
  scripts: authed.input(schema.GraphScripts).query(({ ctx, input }) => core.graphScripts(ctx.core, input)),
  versions: authed.input(schema.GraphById).query(({ ctx, input }) => core.listGraphVersions(ctx.core, input)),
  diff: authed.input(schema.DiffGraph).query(({ ctx, input }) => core.diffGraphVersions(ctx.core, input)),
  restore: authed.input(schema.RestoreGraph).mutation(({ ctx, input }) => core.restoreGraph(ctx.core, input)),
  runs: router({
    start: authed.input(schema.StartRun).mutation(({ ctx, input }) => core.startRun(ctx.core, input)),
    list: authed
      .input(schema.ListGraphRuns.prefault({}))
      .query(({ ctx, input }) => core.listGraphRuns(ctx.core, input)),
    get: authed.input(schema.ByGraphRun).query(({ ctx, input }) => core.getGraphRun(ctx.core, input)),
    follow: authed
      .input(schema.FollowGraphRun)
      .subscription(({ ctx, input, signal }) => core.followGraphRun(until(ctx, signal), input)),
    stop: authed.input(schema.ByGraphRun).mutation(({ ctx, input }) => core.stopGraphRun(ctx.core, input)),
    /** The answer of a person, where the run waits for one. */
    answer: authed.input(schema.AnswerRun).mutation(({ ctx, input }) => core.answerGraphRun(ctx.core, input)),
    /** Goes on with a run that failed or was stopped. */
    resume: authed.input(schema.ResumeRun).mutation(({ ctx, input }) => core.resumeRun(ctx.core, input)),
  }),
});
