import { z } from 'zod';
import * as core from '@switchboard/core/apps';
import * as schema from '@switchboard/core/apps/schema';
import { authed, router } from '../trpc.ts';

export const apps = router({
  list: authed.query(({ ctx }) => core.listApps(ctx.core, {})),
  get: authed.input(schema.AppById).query(({ ctx, input }) => core.getApp(ctx.core, input)),
  create: authed.input(schema.CreateApp).mutation(({ ctx, input }) => core.createApp(ctx.core, input)),
  update: authed.input(schema.UpdateApp).mutation(({ ctx, input }) => core.updateApp(ctx.core, input)),
  remove: authed.input(schema.AppById).mutation(({ ctx, input }) => core.removeApp(ctx.core, input)),
  /** Makes a server of the app. */
  show: authed.input(schema.ShowApp).mutation(({ ctx, input }) => core.showApp(ctx.core, input)),
  try: authed.input(schema.TryApp).mutation(({ ctx, input }) => core.tryApp(ctx.core, input)),
  /** Apps as another hub takes them. */
  export: authed.input(schema.ExportApps).query(({ ctx, input }) => core.exportApps(ctx.core, input)),
  import: authed.input(schema.ImportApps).mutation(({ ctx, input }) => core.importApps(ctx.core, input)),
  /** Actions made of something else; nothing is stored. */
  draft: router({
    server: authed.input(schema.FromServer).mutation(({ ctx, input }) => core.actionsOfServer(ctx.core, input)),
    openApi: authed.input(schema.FromOpenApi).mutation(({ ctx, input }) => core.actionsOfOpenApi(ctx.core, input)),
    model: authed.input(schema.GenerateActions).mutation(({ ctx, input }) => core.generateActions(ctx.core, input)),
  }),
  /** Recorded calls. */
  pairs: router({
    list: authed.input(schema.AppById).query(({ ctx, input }) => core.listPairs(ctx.core, input)),
    ofCalls: authed.input(schema.PairsOfCalls).mutation(({ ctx, input }) => core.pairsOfCalls(ctx.core, input)),
    add: authed.input(schema.AddPairs).mutation(({ ctx, input }) => core.addPairs(ctx.core, input)),
    remove: authed.input(schema.RemovePairs).mutation(({ ctx, input }) => core.removePairs(ctx.core, input)),
  }),
  tokens: router({
    list: authed.query(({ ctx }) => core.listAppTokens(ctx.core, {})),
    create: authed.input(schema.CreateAppToken).mutation(({ ctx, input }) => core.createAppToken(ctx.core, input)),
    update: authed.input(schema.UpdateAppToken).mutation(({ ctx, input }) => core.updateAppToken(ctx.core, input)),
    setApps: authed.input(schema.SetTokenApps).mutation(({ ctx, input }) => core.setTokenApps(ctx.core, input)),
    remove: authed.input(schema.AppTokenById).mutation(({ ctx, input }) => core.removeAppToken(ctx.core, input)),
  }),
  state: router({
    get: authed.input(schema.AppTokenById).query(({ ctx, input }) => core.appState(ctx.core, input)),
    set: authed.input(schema.SetAppState).mutation(({ ctx, input }) => core.setAppState(ctx.core, input)),
    snapshot: authed.input(schema.SnapshotByName).mutation(({ ctx, input }) => core.takeSnapshot(ctx.core, input)),
    restore: authed.input(schema.SnapshotByName).mutation(({ ctx, input }) => core.restoreSnapshot(ctx.core, input)),
    forget: authed.input(schema.SnapshotByName).mutation(({ ctx, input }) => core.removeSnapshot(ctx.core, input)),
    /** Resets the calls of a token. */
    forgetCalls: authed.input(schema.AppTokenById).mutation(({ ctx, input }) => core.forgetTokenCalls(ctx.core, input)),
  }),
  prompts: router({
    list: authed.query(({ ctx }) => core.listPrompts(ctx.core, {})),
    update: authed.input(schema.UpdatePrompt).mutation(({ ctx, input }) => core.updatePrompt(ctx.core, input)),
  }),
  logs: authed.input(schema.ListAppLogs.prefault({})).query(({ ctx, input }) => core.listAppLogs(ctx.core, input)),
  clearLogs: authed.input(z.object({})).mutation(({ ctx, input }) => core.clearAppLogs(ctx.core, input)),
});
