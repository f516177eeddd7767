import { isObject } from '@switchboard/basics';
import type { ContainerInfo } from '../containers/container-info.ts';
import { parseComposeText } from './compose-text.ts';
import { asList, entries } from './compose-values.ts';

/** The facts about a project in the labels of its containers. */

export const projectLabel = 'com.docker.compose.project';
export const serviceLabel = 'com.docker.compose.service';

/** A service as a content declares it. */
export interface DeclaredService {
  name: string;
  /** It may be without containers: it has a profile, or no replicas. */
  isOptional: boolean;
}

/** `finished`: its programs ended well and are not to be started again; `unasked`: nobody wants containers of it. */
export type ServiceState = 'running' | 'finished' | 'unasked' | 'stopped';

export interface ServiceStatus {
  name: string;
  /** Of its first container; null where there is none. */
  id: string | null;
  /** The engine's word, or `not_created`. */
  status: string;
  /** True where every container of it runs. */
  running: boolean;
  state: ServiceState;
  containers: ContainerInfo[];
}

export interface ProjectStatus {
  services: Record<string, ServiceStatus>;
  /** True where a declared service runs, and none is stopped that should run. */
  isRunning: boolean;
}

export interface FoundProject {
  project: string;
  /** The folder it was started from, according to Compose. */
  folder: string | null;
  files: string[];
  services: string[];
  running: number;
  containers: ContainerInfo[];
}

export interface ServiceChange {
  service: string;
  change: 'create' | 'recreate' | 'start' | 'keep' | 'remove';
}

/** The changes of a start for each service: `hashes` are of the declared ones, `groups` their containers. */
export function planOf(
  hashes: ReadonlyMap<string, string>,
  groups: ReadonlyMap<string, ContainerInfo[]>,
): ServiceChange[] {
  const declared = [...hashes].map(([service, hash]): ServiceChange => {
    const containers = groups.get(service) ?? [];
    if (containers.length === 0) return { service, change: 'create' };
    const same = containers.every(({ labels }) => labels['com.docker.compose.config-hash'] === hash);
    if (!same) return { service, change: 'recreate' };
    return { service, change: containers.every(({ status }) => status === 'running') ? 'keep' : 'start' };
  });
  const gone = [...groups.keys()].filter((service) => !hashes.has(service));
  return [...declared, ...gone.map((service): ServiceChange => ({ service, change: 'remove' }))];
}

/** The services that a content declares. Throws DockerError `invalid` where it is none. */
export function declaredServices(content: string): DeclaredService[] {
  const declared = parseComposeText(content).flatMap(({ services }) => entries(services));
  return [...Map.groupBy(declared, ([name]) => name)].map(([name, parts]) => ({
    name,
    isOptional: parts.some(([, service]) => isOptional(service)),
  }));
}

function isOptional({ profiles, scale, deploy }: Record<string, unknown>): boolean {
  const replicas = isObject(deploy) ? deploy['replicas'] : undefined;
  return asList(profiles).length > 0 || scale === 0 || replicas === 0;
}

/** How a project is: the declared services, and those that run without being declared. */
export function statusOf(containers: readonly ContainerInfo[], declared: readonly DeclaredService[]): ProjectStatus {
  const kept = containers.filter(({ labels }) => labels['com.docker.compose.oneoff'] !== 'True');
  const groups = Map.groupBy(kept, ({ labels }) => labels[serviceLabel] ?? '');
  const wanted = new Map(declared.map((service) => [service.name, service]));
  const names = [...new Set([...wanted.keys(), ...groups.keys()])];
  const services = names.map((name): [string, ServiceStatus] => {
    const members = (groups.get(name) ?? []).toSorted((one, other) => one.name.localeCompare(other.name));
    const [first] = members;
    return [
      name,
      {
        name,
        id: first?.id ?? null,
        status: first?.status ?? 'not_created',
        running: members.length > 0 && members.every(({ status }) => status === 'running'),
        state: stateOf(members, wanted.get(name)?.isOptional === true),
        containers: members,
      },
    ];
  });
  const states = services.filter(([name]) => wanted.has(name)).map(([, { state }]) => state);
  return {
    services: Object.fromEntries(services),
    isRunning: states.includes('running') && !states.includes('stopped'),
  };
}

function stateOf(members: readonly ContainerInfo[], mayBeAbsent: boolean): ServiceState {
  if (members.length === 0) return mayBeAbsent ? 'unasked' : 'stopped';
  if (!members.every((member) => member.status === 'running' || hasFinished(member))) return 'stopped';
  return members.some(({ status }) => status === 'running') ? 'running' : 'finished';
}

/** The engine would start the others again. */
function hasFinished({ status, exitCode, restartPolicy }: ContainerInfo): boolean {
  return status === 'exited' && exitCode === 0 && !/^(?:always|unless-stopped)/.test(restartPolicy);
}

/** A project, described by its containers. */
export function toFound(project: string, containers: ContainerInfo[]): FoundProject {
  function label(name: string) {
    return containers.map(({ labels }) => labels[`com.docker.compose.${name}`]).find((value) => value);
  }
  return {
    project,
    folder: label('project.working_dir') ?? null,
    files: (label('project.config_files') ?? '').split(',').filter((file) => file !== '' && file !== '-'),
    services: [...new Set(containers.map(({ labels }) => labels[serviceLabel] ?? ''))].toSorted(),
    running: containers.filter(({ status }) => status === 'running').length,
    containers,
  };
}
