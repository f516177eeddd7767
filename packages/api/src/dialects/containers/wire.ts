import { ContainerLimits, CreateContainer, pullPolicies } from '@switchboard/core/containers/schema';
import { StackText } from '@switchboard/core/stacks/schema';
import { Register } from '@switchboard/core/users/schema';
import { z } from 'zod';

/** Shapes of seed 000 as documented. */

export const RegisterBody = z.object({
  username: Register.shape.username,
  password: Register.shape.password,
  email: Register.shape.email,
  full_name: Register.shape.fullName,
});

export const AccountUser = z
  .object({
    id: z.string(),
    username: z.string(),
    email: z.string().nullable(),
    full_name: z.string().nullable(),
    disabled: z.boolean(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'ContainersUser' });
export type AccountUser = z.infer<typeof AccountUser>;

const optionalText = z.string().optional();

/** OAuth 2's password form; `mfa_code` is for accounts with a second factor. */
export const TokenForm = z.object({
  username: z.string().min(1).max(256),
  password: z.string().min(1).max(1_024),
  grant_type: z.literal('password').optional(),
  scope: optionalText,
  client_id: optionalText,
  client_secret: optionalText,
  mfa_code: z.string().max(16).optional(),
});

export const Token = z.object({ access_token: z.string(), token_type: z.literal('bearer') });

export const WireContainer = z
  .object({
    id: z.string(),
    name: z.string(),
    image: z.string(),
    /** The engine's word. */
    status: z.string(),
    created: z.string(),
    ports: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() }))),
    volumes: z.array(z.object({ source: z.string(), target: z.string(), type: z.string() })),
    environment: z.record(z.string(), z.string()),
  })
  .meta({ id: 'ContainersContainer' });
export type WireContainer = z.infer<typeof WireContainer>;

export const ByContainer = z.object({ container_id: z.string().min(1).max(512) });

const { shape } = CreateContainer;
const Limits = ContainerLimits.shape;

/** What the seed shows, in every form that is harmless; below it what it does not know. */
export const CreateContainerBody = z.object({
  image: shape.image,
  name: shape.name,
  ports: shape.ports,
  volumes: shape.volumes,
  environment: shape.environment,
  command: shape.command,
  start: z.boolean().default(false),
  pull: z.enum(pullPolicies).default('missing'),
  entrypoint: shape.entrypoint,
  working_dir: shape.workingDir,
  user: shape.user,
  tty: shape.tty,
  labels: shape.labels,
  network: shape.network,
  restart: shape.restart,
  limits: z.object({ cpus: Limits.cpus, memory: Limits.memoryBytes, pids: Limits.pids }).exactOptional(),
  read_only: shape.readOnly,
  init: shape.init,
  privileged: shape.privileged,
  cap_add: shape.capAdd,
  cap_drop: shape.capDrop,
  devices: shape.devices,
});
export type CreateContainerBody = z.infer<typeof CreateContainerBody>;

export const RemoveQuery = ByContainer.extend({ force: z.stringbool().default(false) });

const Count = z
  .string()
  .regex(/^\d{1,7}$/, 'Input should be a valid integer of 0 or more')
  .transform(Number)
  .pipe(z.int().max(1_000_000));

export const LogsQuery = ByContainer.extend({
  tail: Count.default(100),
  since: z.string().max(64).optional(),
  until: z.string().max(64).optional(),
  timestamps: z.stringbool().default(true),
  follow: z.stringbool().default(false),
});
export const WireLogs = z.object({ logs: z.string() });
export type WireLogs = z.infer<typeof WireLogs>;

export const FileQuery = ByContainer.extend({
  /** Absolute, in the container. */
  path: z.string().min(1).max(4_096),
  /** Name of the engine; the default one where not given. */
  engine: z.string().min(1).max(64).optional(),
});

export const StatsQuery = ByContainer.extend({ stream: z.stringbool().default(true) });
export const WireStats = z
  .object({
    time: z.string(),
    cpu_percent: z.number(),
    cpus: z.number(),
    memory_bytes: z.number(),
    memory_limit_bytes: z.number(),
    network_received_bytes: z.number(),
    network_sent_bytes: z.number(),
    block_read_bytes: z.number(),
    block_written_bytes: z.number(),
    pids: z.number(),
  })
  .meta({ id: 'ContainersStats' });
export type WireStats = z.infer<typeof WireStats>;

export const ComposeBody = z.object({ content: StackText.shape.content, path: StackText.shape.path });
export const ComposeDone = z.object({ status: z.literal('success'), message: z.string(), project: z.string() });
export const ComposeStatus = z.object({
  services: z.record(z.string(), z.object({ id: z.string().nullable(), status: z.string(), running: z.boolean() })),
  is_running: z.boolean(),
});
export type ComposeStatus = z.infer<typeof ComposeStatus>;
