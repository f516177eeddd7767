export { oauthCookie } from './cookie.ts';
export { pathOfEndpoint } from './endpoints.ts';
export { listGrants, revokeGrant } from './grants.ts';
export { createMachine, listMachines, removeMachine } from './machines.ts';
export type { RequestDetails } from './request.ts';
export { knownScopes, mcpScopes, scopeOfMethod } from './scopes.ts';
export { createOauthStore, machineMark, type OauthStore, type Payload } from './store.ts';
export { decideRequest, readRequest } from './verbs.ts';
