export { realPath } from './compose/compose-files.ts';
export { createComposeRunner } from './compose/compose-run.ts';
export type { ComposeOptions, ComposeRunner } from './compose/compose-run.ts';
export { createCompose } from './compose/compose.ts';
export type { Compose, ComposeCall, ComposeRules, Stack, UpOptions } from './compose/compose.ts';
export type {
  DeclaredService,
  FoundProject,
  ProjectStatus,
  ServiceChange,
  ServiceState,
  ServiceStatus,
} from './compose/compose-status.ts';
export { projectNameOf } from './compose/compose-project.ts';
export { parseComposeText } from './compose/compose-text.ts';
export { createStacks } from './compose/stacks.ts';
export type { Stacks } from './compose/stacks.ts';
export type { StackText } from './compose/stack-text.ts';
export type { CallOptions } from './engine/connection.ts';
export type { ContainerFiles, FileInput } from './containers/container-files.ts';
export type { FileEntry, FolderListing } from './containers/container-listing.ts';
export type { ContainerInfo, ContainerMount, ContainerNetwork } from './containers/container-info.ts';
export type { ContainerOutput, LogQuery } from './containers/container-output.ts';
export type { ContainerStats } from './containers/container-stats.ts';
export type { Containers, CreateOptions, ListContainers, StopOptions } from './containers/containers.ts';
export type { PortBinding, PortsInput, PortTarget, VolumesInput } from './containers/create-forms.ts';
export { toCreateOptions } from './containers/create-spec.ts';
export type { ContainerLimits, CreateContainer } from './containers/create-spec.ts';
export type { BuildReads, BuildSettings } from './images/dockerfile.ts';
export { parseImageReference } from './images/image-reference.ts';
export { createEgressProxy } from './policy/egress-proxy.ts';
export type { EgressOptions, EgressProxy } from './policy/egress-proxy.ts';
export { createEngine } from './engine/engine.ts';
export type { Engine, EngineInfo, EngineOptions, EngineVersion } from './engine/engine.ts';
export { DockerError } from './errors.ts';
export type { DockerErrorCode } from './errors.ts';
export type { Exec, ExecInput, ExecResult, ExecSession, TerminalSize } from './containers/exec.ts';
export type { Frame, OutputStream } from './engine/frames.ts';
export { formatEngineHost, parseEngineHost } from './engine/host.ts';
export type { EngineHost, EngineTls } from './engine/host.ts';
export type { PrunePreview, PruneResult } from './engine/prune.ts';
export type {
  BuildImage,
  ImageDetails,
  Images,
  ImageSummary,
  PullOptions,
  PullProgress,
  RegistryLogin,
} from './images/images.ts';
export type { RunningServer, ServerLaunch, ServerStart, StartServer } from './launch.ts';
export { hubLabel as HUB_LABEL, instanceLabel as INSTANCE_LABEL, serverLabel as SERVER_LABEL } from './launch.ts';
export { createContainerLauncher, removeOrphanContainers } from './launcher/launcher.ts';
export type { LauncherOptions } from './launcher/launcher.ts';
export type { LogLine } from './engine/log-lines.ts';
export type { CreateNetwork, NetworkInfo, Networks } from './containers/networks.ts';
export { findStaticShell } from './engine/pipes.ts';
export { checkCompose } from './policy/policy-compose.ts';
export type { ComposeModel } from './policy/policy-compose.ts';
export type { ForeignNames, PolicyRules, Power, Rule, Violation } from './policy/policy.ts';
export { createSharedFolder } from './launcher/shared-folder.ts';
export type { SharedFolder } from './launcher/shared-folder.ts';
export { createSwarmLauncher, removeOrphanServices } from './swarm/swarm-launcher.ts';
export type { SwarmLauncherOptions } from './swarm/swarm-launcher.ts';
export { createSwarm } from './swarm/swarm.ts';
export type { Swarm, SwarmNode, SwarmService, SwarmTask } from './swarm/swarm.ts';
export type { CreateVolume, VolumeInfo, Volumes } from './containers/volumes.ts';
export type { EngineEvent, EngineState } from './engine/watch.ts';
