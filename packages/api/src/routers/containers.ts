import * as core from '@switchboard/core/containers';
import * as schema from '@switchboard/core/containers/schema';
import { authed, router, until } from '../trpc.ts';

export const containers = router({
  list: authed
    .input(schema.ListContainers.prefault({}))
    .query(({ ctx, input }) => core.listContainers(ctx.core, input)),
  get: authed.input(schema.ContainerRef).query(({ ctx, input }) => core.getContainer(ctx.core, input)),
  inspect: authed.input(schema.ContainerRef).query(({ ctx, input }) => core.inspectContainer(ctx.core, input)),
  /** A run with the progress of the pull: see engines.run. */
  create: authed.input(schema.CreateContainer).mutation(({ ctx, input }) => core.createContainerRun(ctx.core, input)),
  start: authed.input(schema.ContainerRef).mutation(({ ctx, input }) => core.startContainer(ctx.core, input)),
  stop: authed.input(schema.StopContainer).mutation(({ ctx, input }) => core.stopContainer(ctx.core, input)),
  restart: authed.input(schema.StopContainer).mutation(({ ctx, input }) => core.restartContainer(ctx.core, input)),
  pause: authed.input(schema.ContainerRef).mutation(({ ctx, input }) => core.pauseContainer(ctx.core, input)),
  unpause: authed.input(schema.ContainerRef).mutation(({ ctx, input }) => core.unpauseContainer(ctx.core, input)),
  kill: authed.input(schema.KillContainer).mutation(({ ctx, input }) => core.killContainer(ctx.core, input)),
  rename: authed.input(schema.RenameContainer).mutation(({ ctx, input }) => core.renameContainer(ctx.core, input)),
  update: authed.input(schema.UpdateContainer).mutation(({ ctx, input }) => core.updateContainer(ctx.core, input)),
  remove: authed.input(schema.RemoveContainer).mutation(({ ctx, input }) => core.removeContainer(ctx.core, input)),
  bulk: authed.input(schema.BulkContainers).mutation(({ ctx, input }) => core.bulkContainers(ctx.core, input)),
  logs: authed.input(schema.ContainerLogs).query(({ ctx, input }) => core.containerLogs(ctx.core, input)),
  followLogs: authed
    .input(schema.ContainerLogs)
    .subscription(({ ctx, input, signal }) => core.followContainerLogs(until(ctx, signal), input)),
  stats: authed
    .input(schema.ContainerStatsOf)
    .subscription(({ ctx, input, signal }) => core.followStats(until(ctx, signal), input)),
  exec: authed.input(schema.ExecInContainer).mutation(({ ctx, input }) => core.execInContainer(ctx.core, input)),
  openTerminal: authed.input(schema.OpenTerminal).mutation(({ ctx, input }) => core.openTerminal(ctx.core, input)),
  terminal: authed
    .input(schema.TerminalRef)
    .subscription(({ ctx, input, signal }) => core.followTerminal(until(ctx, signal), input)),
  writeTerminal: authed.input(schema.TerminalInput).mutation(({ ctx, input }) => core.writeTerminal(ctx.core, input)),
  resizeTerminal: authed
    .input(schema.ResizeTerminal)
    .mutation(({ ctx, input }) => core.resizeTerminal(ctx.core, input)),
  closeTerminal: authed.input(schema.TerminalRef).mutation(({ ctx, input }) => core.closeTerminal(ctx.core, input)),
  files: authed.input(schema.ListFiles).query(({ ctx, input }) => core.listContainerFiles(ctx.core, input)),
  readFile: authed.input(schema.ReadFile).query(({ ctx, input }) => core.readContainerFile(ctx.core, input)),
  writeFiles: authed.input(schema.WriteFiles).mutation(({ ctx, input }) => core.writeContainerFiles(ctx.core, input)),
  copyIn: authed.input(schema.CopyIn).mutation(({ ctx, input }) => core.copyIntoContainer(ctx.core, input)),
});
