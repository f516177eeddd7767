export type { Ctx, Deps } from './context.ts';
export type { Clock, Log, Policy } from './ports.ts';
export type { Actor } from './actor.ts';
export { personOf, userIdOf } from './actor.ts';
export { holderOf, readCredential, runtimeCredentialOf } from './access/credential.ts';
export { usernameKey } from './access/usernames.ts';
export {
  DomainError,
  domainErrorCodes,
  invalidField,
  isDomainError,
  messageOf,
  type DomainErrorCode,
  type ErrorDetails,
  type FieldProblem,
} from './errors.ts';
export { fromDatabase, isDatabaseAway } from './database-away.ts';
export { noEngine, type ContainerPolicy, type Engines, type ManagedEngine } from './engines/contract.ts';
export { createEventBus, type DomainEvent, type EventBus } from './events.ts';
export { parseInput, verb, type Verb, type VerbCtx, type VerbSpec } from './verb.ts';
export { actionTable, actions, grantable, type Action, type Grant } from './access/actions.ts';
export { decide, type Decision, type Resource, type Subject } from './access/decide.ts';
export { holdersOf, type Holders } from './access/holders.ts';
export { decideFor, may, requireRight, type Acting } from './access/require.ts';
export { createDirectory, type Directory, type DirectorySource } from './access/directory.ts';
export { createSecrets, randomToken, sha256, type Secrets } from './secrets.ts';
export { isReserved, reservedNames } from './reserved-names.ts';
export { isSlug, slugify, slugPattern } from './slug.ts';
export { createCore, type Core, type CoreOptions } from './core.ts';
export type { Listen } from './replicas.ts';
export { createTaskRoutes } from './calls/task-routes.ts';
export type { Authenticated, Authenticator, Credentials } from './access/authenticate.ts';
export { issueToken, login, logout, verify } from './access/verbs.ts';
export { refresh } from './access/refresh.ts';
export { toUserView } from './access/users.ts';
export { createKey, listKeys, revokeKey, updateKey } from './keys/verbs.ts';
export {
  approveUser,
  createUser,
  endUserSessions,
  getUser,
  register,
  removeUser,
  resetUserMfa,
} from './users/verbs.ts';
export { updateUser } from './users/update.ts';
export { findUsers, listUsers } from './users/listing.ts';
export {
  changePassword,
  endOtherSessions,
  endSession,
  getAccount,
  listSessions,
  updateAccount,
} from './account/verbs.ts';
export { confirmTotp, enrolTotp, removeTotp, renewRecoveryCodes } from './account/mfa.ts';
export { createGroup, getGroup, listGroups, removeGroup, updateGroup } from './groups/verbs.ts';
export { addServerToGroup, listGroupServers, removeServerFromGroup, updateGroupServer } from './groups/servers.ts';
export { chooseGroupItems, getGroupExposure, listGroupItems, setGroupItem } from './groups/items.ts';
export { addMember, approveMember, leaveGroup, listMembers, removeMember, updateMember } from './groups/members.ts';
export { exportAudit, getAudit, getRetention, listAudit, setRetention } from './audit/verbs.ts';
export { explain, explainUser } from './access/explain.ts';
export { requestLimits, type Limits } from './limits/limits.ts';
export { accessTokenSeconds, refreshTokenSeconds, shortTokenSeconds } from './access/tokens.ts';
export { onSignedOut } from './access/signed-out.ts';
export { loadOwnUids } from './servers/accounts.ts';
export { noAccounts, type Accounts } from './servers/accounts-port.ts';
export { toldStatus } from './servers/view.ts';
export { visibleServers } from './servers/visible.ts';
export { createServer, getServer, listServers, removeServer, updateServer } from './servers/verbs.ts';
export {
  addDemoServer,
  registerServer,
  restartServer,
  settledServer,
  startServer,
  stopServer,
  testServer,
} from './servers/lifecycle.ts';
export { listItems, setItem, setOthers } from './servers/items.ts';
export { listLogs, revealSecret, revealServer } from './servers/logs.ts';
export { parseClientConfig, type ParsedEntry } from './servers/import.ts';
export { checkLaunch } from './servers/confine.ts';
export { serverFromService } from './servers/from-service.ts';
export { giveServer } from './servers/give.ts';
export { toContainer, toProcess } from './servers/switch.ts';
export { exportConfig } from './servers/export.ts';
export { importConfig } from './servers/transfer.ts';
export { callAnyTool, callTool } from './calls/verbs.ts';
export { listCallers, toldCall } from './calls/callers.ts';
export { getCall, listCalls } from './calls/queries.ts';
export { translateRpcError } from './calls/rpc-error.ts';
export { health, overview, statistics, systemStatus } from './monitoring/verbs.ts';
export { dropJob, listJobs, retryJob } from './jobs/verbs.ts';
export type { JobTries } from './jobs/contract.ts';
export { allServers } from './selection.ts';
export {
  cancelRun,
  diskUsage,
  engineOverview,
  followRun,
  listEngines,
  listRuns,
  lookAtEngine,
} from './engines/verbs.ts';
export { followUsage } from './engines/usage.ts';
export { createContainer, createContainerRun } from './containers/create.ts';
export {
  closeTerminal,
  execInContainer,
  followTerminal,
  openTerminal,
  resizeTerminal,
  writeTerminal,
} from './containers/exec.ts';
export {
  copyIntoContainer,
  downloadContainerArchive,
  downloadContainerFile,
  listContainerFiles,
  readContainerFile,
  writeContainerFiles,
} from './containers/files.ts';
export { containerLogs, containerLogText, followContainerLogs, followStats } from './containers/streams.ts';
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
} from './containers/verbs.ts';
export { buildImage } from './images/build.ts';
export {
  getImage,
  listImages,
  previewPruneImages,
  pruneImages,
  pullImage,
  removeImage,
  tagImage,
} from './images/verbs.ts';
export {
  createVolume,
  getVolume,
  listVolumes,
  previewPruneVolumes,
  pruneVolumes,
  removeVolume,
} from './volumes/verbs.ts';
export {
  createNetwork,
  getNetwork,
  listNetworks,
  previewPruneNetworks,
  pruneNetworks,
  removeNetwork,
} from './networks/verbs.ts';
export { adoptStack } from './stacks/adopt.ts';
export { composeDown, composeStatus, composeUp } from './stacks/by-text.ts';
export { checkStack } from './stacks/check.ts';
export {
  checkStackUpdates,
  downStack,
  removeStack,
  restartStack,
  scaleStack,
  stopStack,
  upStack,
} from './stacks/operate.ts';
export { followStackLogs, stackLogs } from './stacks/streams.ts';
export { createStack, getStack, listStacks, revealStackEnv, updateStack } from './stacks/verbs.ts';
export { networkOf } from './access/network-of.ts';
