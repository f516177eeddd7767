export { createContainer, createContainerRun } from './create.ts';
export { closeTerminal, execInContainer, followTerminal, openTerminal, resizeTerminal, writeTerminal } from './exec.ts';
export {
  copyIntoContainer,
  downloadContainerArchive,
  downloadContainerFile,
  listContainerFiles,
  readContainerFile,
  writeContainerFiles,
} from './files.ts';
export { containerLogs, containerLogText, followContainerLogs, followStats } from './streams.ts';
export {
  bulkContainers,
  getContainer,
  inspectContainer,
  killContainer,
  listContainerDetails,
  listContainers,
  pauseContainer,
  removeContainer,
  renameContainer,
  restartContainer,
  startContainer,
  stopContainer,
  unpauseContainer,
  updateContainer,
} from './verbs.ts';
