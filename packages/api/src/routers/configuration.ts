import { applyFile, exportFile, planFile } from '@switchboard/core/config-file';
import * as file from '@switchboard/core/config-file/schema';
import * as core from '@switchboard/core/configuration';
import * as schema from '@switchboard/core/configuration/schema';
import { testNotifications } from '@switchboard/core/notifications';
import { TestNotifications } from '@switchboard/core/notifications/schema';
import { authed, router } from '../trpc.ts';

export const configuration = router({
  get: authed.query(({ ctx }) => core.getConfiguration(ctx.core, {})),
  change: authed
    .input(schema.ChangeConfiguration)
    .mutation(({ ctx, input }) => core.changeConfiguration(ctx.core, input)),
  reset: authed.input(schema.BySection).mutation(({ ctx, input }) => core.resetConfiguration(ctx.core, input)),
  versions: authed.input(schema.BySection).query(({ ctx, input }) => core.listConfigurationVersions(ctx.core, input)),
  diff: authed
    .input(schema.DiffConfiguration)
    .query(({ ctx, input }) => core.diffConfigurationVersions(ctx.core, input)),
  restore: authed
    .input(schema.RestoreConfiguration)
    .mutation(({ ctx, input }) => core.restoreConfiguration(ctx.core, input)),
  /** All that can be set, as one file without secrets. */
  exportFile: authed.input(file.ExportFile.prefault({})).query(({ ctx, input }) => exportFile(ctx.core, input)),
  /** Plans a file. */
  planFile: authed.input(file.PlanFile).mutation(({ ctx, input }) => planFile(ctx.core, input)),
  applyFile: authed.input(file.ApplyFile).mutation(({ ctx, input }) => applyFile(ctx.core, input)),
  /** Sends one message with settings that need not be stored yet. */
  test: authed.input(TestNotifications).mutation(({ ctx, input }) => testNotifications(ctx.core, input)),
});
