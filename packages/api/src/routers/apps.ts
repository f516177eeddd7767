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
    /** Lets the calls of a token begin anew. */
    forgetCalls: authed.input(schema.AppTokenById).mutation(({ ctx, input }) => core.forgetTokenCalls(ctx.core, input)),
  }),
  prompts: router({
    list: authed.query(({ ctx }) => core.listPrompts(ctx.core, {})),
    update: authed.input(schema.UpdatePrompt).mutation(({ ctx, input }) => core.updatePrompt(ctx.core, input)),
  }),
  logs: authed.input(schema.ListAppLogs.prefault({})).query(({ ctx, input }) => core.listAppLogs(ctx.core, input)),
  clearLogs: authed.input(z.object({})).mutation(({ ctx, input }) => core.clearAppLogs(ctx.core, input)),
});
