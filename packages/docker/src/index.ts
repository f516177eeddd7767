export { realPath } from './compose-files.ts';
export { createComposeRunner } from './compose-run.ts';
export type { ComposeOptions, ComposeRunner } from './compose-run.ts';
export { createCompose } from './compose.ts';
export type { Compose, ComposeCall, ComposeRules, Stack, UpOptions } from './compose.ts';
export type {
  DeclaredService,
  FoundProject,
  ProjectStatus,
  ServiceChange,
  ServiceState,
  ServiceStatus,
} from './compose-status.ts';
export { projectNameOf } from './compose-project.ts';
export { parseComposeText } from './compose-text.ts';
export { createStacks } from './stacks.ts';
export type { Stacks } from './stacks.ts';
export type { StackText } from './stack-text.ts';
export type { CallOptions } from './connection.ts';
export type { ContainerFiles, FileInput } from './container-files.ts';
export type { FileEntry, FolderListing } from './container-listing.ts';
export type { ContainerInfo, ContainerMount, ContainerNetwork } from './container-info.ts';
export type { ContainerOutput, LogQuery } from './container-output.ts';
export type { ContainerStats } from './container-stats.ts';
export type { Containers, CreateOptions, ListContainers, StopOptions } from './containers.ts';
export type { PortBinding, PortsInput, PortTarget, VolumesInput } from './create-forms.ts';
export { toCreateOptions } from './create-spec.ts';
export type { ContainerLimits, CreateContainer } from './create-spec.ts';
export type { BuildReads, BuildSettings } from './dockerfile.ts';
export { parseImageReference } from './image-reference.ts';
export { createEgressProxy } from './egress-proxy.ts';
export type { EgressOptions, EgressProxy } from './egress-proxy.ts';
export { createEngine } from './engine.ts';
export type { Engine, EngineInfo, EngineOptions, EngineVersion } from './engine.ts';
export { DockerError } from './errors.ts';
export type { DockerErrorCode } from './errors.ts';
export type { Exec, ExecInput, ExecResult, ExecSession, TerminalSize } from './exec.ts';
export type { Frame, OutputStream } from './frames.ts';
export { formatEngineHost, parseEngineHost } from './host.ts';
export type { EngineHost, EngineTls } from './host.ts';
export type {
  BuildImage,
  ImageDetails,
  Images,
  ImageSummary,
  PrunePreview,
  PruneResult,
  PullOptions,
  PullProgress,
  RegistryLogin,
} from './images.ts';
export type { RunningServer, ServerLaunch, ServerStart, StartServer } from './launch.ts';
export { hubLabel as HUB_LABEL, instanceLabel as INSTANCE_LABEL, serverLabel as SERVER_LABEL } from './launch.ts';
export { createContainerLauncher, removeOrphanContainers } from './launcher.ts';
export type { LauncherOptions } from './launcher.ts';
export type { LogLine } from './log-lines.ts';
export type { CreateNetwork, NetworkInfo, Networks } from './networks.ts';
export { findStaticShell } from './pipes.ts';
export { checkCompose } from './policy-compose.ts';
export type { ComposeModel } from './policy-compose.ts';
export type { ForeignNames, PolicyRules, Power, Rule, Violation } from './policy.ts';
export { createSharedFolder } from './shared-folder.ts';
export type { SharedFolder } from './shared-folder.ts';
export { createSwarmLauncher, removeOrphanServices } from './swarm-launcher.ts';
export type { SwarmLauncherOptions } from './swarm-launcher.ts';
export { createSwarm } from './swarm.ts';
export type { Swarm, SwarmNode, SwarmService, SwarmTask } from './swarm.ts';
export type { CreateVolume, VolumeInfo, Volumes } from './volumes.ts';
export type { EngineEvent, EngineState } from './watch.ts';
