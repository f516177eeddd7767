import { createHash } from 'node:crypto';
import type { CreateServiceOptions } from 'dockerode';
import type { ContainerLimits } from '../containers/create-spec.ts';

/** A service as it is to be, wherever in the swarm. */
export interface ServicePlacement {
  name: string;
  image: string;
  command: readonly string[];
  entrypoint: readonly string[] | null;
  env: Readonly<Record<string, string>>;
  /** Become files in /run/secrets. */
  secrets: Readonly<Record<string, string>>;
  user: string;
  /** The container's port; every replica gets one of its node. */
  port: number;
  replicas: number;
  limits: Required<ContainerLimits>;
  labels: Readonly<Record<string, string>>;
  /** `node.labels.zone==a`. */
  constraints: readonly string[];
}

/** Holds what a service was made of, so that it is changed only where it differs. */
export const specLabel = 'switchboard.spec';
const second = 1_000_000_000;

/** Tells whether two descriptions are the same. */
export function placementHash(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** The service as the swarm takes it, as closed in as a swarm can. */
export function toServiceSpec(
  placement: ServicePlacement,
  secrets: readonly { id: string; name: string; file: string }[],
): CreateServiceOptions & { Name: string } {
  const { name, image, command, entrypoint, env, user, port, replicas, limits, labels, constraints } = placement;
  return {
    Name: name,
    Labels: { ...labels, [specLabel]: placementHash(placement) },
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        ...(entrypoint === null ? {} : { Command: [...entrypoint] }),
        Args: [...command],
        Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
        User: user,
        Hostname: 'server',
        Labels: { ...labels },
        Init: true,
        ReadOnly: true,
        CapabilityDrop: ['ALL'],
        StopGracePeriod: second,
        Mounts: [{ Type: 'tmpfs', Target: '/tmp', TmpfsOptions: { SizeBytes: 64 * 1024 * 1024, Mode: 0o1777 } }],
        Secrets: secrets.map(({ id, name: secretName, file }) => ({
          SecretID: id,
          SecretName: secretName,
          File: { Name: file, UID: '0', GID: '0', Mode: 0o444 },
        })),
      },
      Resources: {
        Limits: { NanoCPUs: Math.round(limits.cpus * 1e9), MemoryBytes: limits.memoryBytes, Pids: limits.pids },
      },
      RestartPolicy: { Condition: 'any', Delay: second },
      Placement: { Constraints: [...constraints] },
      LogDriver: { Name: 'json-file', Options: { 'max-size': '1m', 'max-file': '1' } },
    },
    Mode: { Replicated: { Replicas: replicas } },
    // Each replica is met by itself: sessions would not survive being spread over them.
    EndpointSpec: { Ports: [{ Protocol: 'tcp', TargetPort: port, PublishMode: 'host' }] },
  } as unknown as CreateServiceOptions & { Name: string };
}
