export { loadOwnUids } from './accounts.ts';
export { noAccounts, type Accounts } from './accounts-port.ts';
export { visibleStatus } from './view.ts';
export { visibleServers } from './visible.ts';
export { createServer, getServer, listServers, removeServer, updateServer } from './verbs.ts';
export {
  addDemoServer,
  registerServer,
  restartServer,
  settledServer,
  startServer,
  stopServer,
  testServer,
} from './lifecycle.ts';
export { diffServerVersions, listServerVersions, restoreServer } from './history.ts';
export { listItems, setItem, setOthers } from './items.ts';
export { listLogs, revealSecret, revealServer } from './logs.ts';
export { parseClientConfig, type ParsedEntry } from './import.ts';
export { checkLaunch } from './confine.ts';
export { serverFromService } from './from-service.ts';
export { giveServer } from './give.ts';
export { toContainer, toProcess } from './switch.ts';
export { exportConfig } from './export.ts';
export { importConfig } from './transfer.ts';
