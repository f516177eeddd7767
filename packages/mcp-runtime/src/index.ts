export { createRuntime } from './runtime.ts';
export type { RuntimeOptions } from './runtime.ts';
export { createConfinement, createLinks } from './upstream/links/index.ts';
export { createProcessRecords, removeOrphans } from './upstream/links/orphans.ts';
export { endAccount } from './upstream/links/accounts.ts';
export type { ProcessRecords } from './upstream/links/orphans.ts';
export type {
  Links,
  GeneratedWays,
  OpenApp,
  OpenGenerated,
  OpenGraph,
  OpenLinkOptions,
  ProcessAccount,
  ProcessLimits,
  ProcessOptions,
} from './upstream/links/index.ts';
export type {
  ContainerEngine,
  ContainerExit,
  ContainerRequest,
  RunningContainer,
} from './upstream/links/container-engine.ts';
export type { Holds } from './upstream/holds.ts';
export { CallerNeeded } from './upstream/caller-needed.ts';
export { LinkError } from './upstream/link.ts';
export { failSpeaking } from './upstream/speaker.ts';
export type { CallOrigin, Link, LinkContext, LinkEvents, OpenLink } from './upstream/link.ts';
export { readProxies, type Proxies } from './upstream/proxies.ts';
export { refuseAddress } from './upstream/url-guard.ts';
export { knownMethods as KNOWN_METHODS } from './methods.ts';
export {
  type Coding,
  contentCodings as CODINGS,
  inflate,
  type InflateFault,
  readCodings,
  whyNotUtf8,
} from './codings.ts';
export { HttpRefusal } from './gateway/io/http-io.ts';
export { readJson } from './gateway/io/read-json.ts';
export { restOfBody } from './gateway/io/rest-of-body.ts';
export { excessOf } from './nesting.ts';
export { exposedName } from './naming.ts';
export { paramHeaders, routingHeaders } from './param-headers.ts';
export { ErrorCode, RpcError } from './rpc.ts';
export { readTrace, traceIn } from './trace-context.ts';
export { legacyVersions } from './versions.ts';
export type * from './types.ts';
export { clientMetadata } from './upstream/sign-in/client.ts';
