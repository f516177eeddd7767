import type { ContainerInfo } from './container-info.ts';

/** What the containers of a project tell by the labels that Compose gives them. */

export const PROJECT_LABEL = 'com.docker.compose.project';
export const SERVICE_LABEL = 'com.docker.compose.service';

export interface ServiceStatus {
  name: string;
  /** Of its first container; null where there is none. */
  id: string | null;
  /** The engine's word, or `not_created`. */
  status: string;
  /** True where every container of it runs. */
  running: boolean;
  containers: ContainerInfo[];
}

export interface ProjectStatus {
  services: Record<string, ServiceStatus>;
  /** True where there are services and all of them run. */
  isRunning: boolean;
}

export interface FoundProject {
  project: string;
  /** Where it was started from, as Compose noted it. */
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

/** What a start would do to each service: `hashes` are of the declared ones, `groups` their containers. */
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

/** How a project is: the declared services, and those that run without being declared. */
export function statusOf(containers: readonly ContainerInfo[], declared: readonly string[]): ProjectStatus {
  const kept = containers.filter(({ labels }) => labels['com.docker.compose.oneoff'] !== 'True');
  const groups = Map.groupBy(kept, ({ labels }) => labels[SERVICE_LABEL] ?? '');
  const names = [...new Set([...declared, ...groups.keys()])];
  const services = names.map((name): [string, ServiceStatus] => {
    const members = (groups.get(name) ?? []).toSorted((one, other) => one.name.localeCompare(other.name));
    const [first] = members;
    const running = members.length > 0 && members.every(({ status }) => status === 'running');
    return [
      name,
      { name, id: first?.id ?? null, status: first?.status ?? 'not_created', running, containers: members },
    ];
  });
  const mustRun = services.filter(([name]) => declared.includes(name));
  return {
    services: Object.fromEntries(services),
    isRunning: mustRun.length > 0 && mustRun.every(([, { running }]) => running),
  };
}

/** A project as its containers tell it. */
export function toFound(project: string, containers: ContainerInfo[]): FoundProject {
  const label = (name: string) =>
    containers.map(({ labels }) => labels[`com.docker.compose.${name}`]).find((value) => value);
  return {
    project,
    folder: label('project.working_dir') ?? null,
    files: (label('project.config_files') ?? '').split(',').filter((file) => file !== '' && file !== '-'),
    services: [...new Set(containers.map(({ labels }) => labels[SERVICE_LABEL] ?? ''))].toSorted(),
    running: containers.filter(({ status }) => status === 'running').length,
    containers,
  };
}
