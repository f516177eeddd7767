import { z } from 'zod';
import * as core from '@switchboard/core/servers';
import * as schema from '@switchboard/core/servers/schema';
import { authed, router } from '../trpc.ts';

const when = z.coerce.date().optional();
const ListInput = schema.ListServers.extend({ createdAfter: when, createdBefore: when });
const LogsInput = schema.ListLogs.extend({ since: when, until: when });

export const servers = router({
  list: authed.input(ListInput.prefault({})).query(({ ctx, input }) => core.listServers(ctx.core, input)),
  get: authed.input(schema.ById).query(({ ctx, input }) => core.getServer(ctx.core, input)),
  create: authed.input(schema.CreateServer).mutation(({ ctx, input }) => core.createServer(ctx.core, input)),
  update: authed.input(schema.UpdateServer).mutation(({ ctx, input }) => core.updateServer(ctx.core, input)),
  versions: authed.input(schema.ById).query(({ ctx, input }) => core.listServerVersions(ctx.core, input)),
  diff: authed.input(schema.DiffServer).query(({ ctx, input }) => core.diffServerVersions(ctx.core, input)),
  restore: authed.input(schema.RestoreServer).mutation(({ ctx, input }) => core.restoreServer(ctx.core, input)),
  remove: authed.input(schema.ById).mutation(({ ctx, input }) => core.removeServer(ctx.core, input)),
  start: authed.input(schema.StartServer).mutation(({ ctx, input }) => core.startServer(ctx.core, input)),
  stop: authed.input(schema.StopServer).mutation(({ ctx, input }) => core.stopServer(ctx.core, input)),
  restart: authed.input(schema.ById).mutation(({ ctx, input }) => core.restartServer(ctx.core, input)),
  test: authed.input(schema.TestServer).mutation(({ ctx, input }) => core.testServer(ctx.core, input)),
  items: authed.input(schema.ById).query(({ ctx, input }) => core.listItems(ctx.core, input)),
  setItem: authed.input(schema.SetItem).mutation(({ ctx, input }) => core.setItem(ctx.core, input)),
  setOthers: authed.input(schema.SetOthers).mutation(({ ctx, input }) => core.setOthers(ctx.core, input)),
  logs: authed.input(LogsInput).query(({ ctx, input }) => core.listLogs(ctx.core, input)),
  reveal: authed.input(schema.RevealSecret).mutation(({ ctx, input }) => core.revealSecret(ctx.core, input)),
  give: authed.input(schema.GiveServer).mutation(({ ctx, input }) => core.giveServer(ctx.core, input)),
  fromService: authed
    .input(schema.ServerFromService)
    .mutation(({ ctx, input }) => core.serverFromService(ctx.core, input)),
  toContainer: authed.input(schema.ToContainer).mutation(({ ctx, input }) => core.toContainer(ctx.core, input)),
  toProcess: authed.input(schema.ById).mutation(({ ctx, input }) => core.toProcess(ctx.core, input)),
  importConfig: authed.input(schema.ImportConfig).mutation(({ ctx, input }) => core.importConfig(ctx.core, input)),
  exportConfig: authed
    .input(schema.ExportConfig.prefault({}))
    .query(({ ctx, input }) => core.exportConfig(ctx.core, input)),
  addDemo: authed.mutation(({ ctx }) => core.addDemoServer(ctx.core, {})),
});
