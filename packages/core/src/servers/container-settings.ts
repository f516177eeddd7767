import { z } from 'zod';
import { Args, badName, NoNul } from './fields.ts';

const mb = 1024 * 1024;
function word(max: number, rule: string) {
  return NoNul(max).regex(/^\S+$/, rule);
}

const Image = word(512, 'must be the name of an image, for example node:24 or ghcr.io/acme/server:1');
/** Also names a file and a variable in the container. */
const SecretName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "names must be letters, digits or '_', starting with a letter or '_'");
export const SecretFiles = z
  .record(SecretName, NoNul(262_144), { error: badName })
  .refine((files) => Object.keys(files).length <= 64, 'must have at most 64 entries')
  .refine((files) => JSON.stringify(files).length <= 524_288, 'must be at most 512 KB in all');

export const hostPattern = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;

const HttpPath = NoNul(1_024).regex(/^\/\S*$/, 'must be a path like /mcp');

const Transport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stdio') }),
  z.object({
    kind: z.literal('http'),
    /** Of the container. */
    port: z.int().min(1).max(65_535),
    path: HttpPath.default('/mcp'),
    /** Speaks HTTP+SSE, the transport of 2024-11-05. */
    sse: z.boolean().default(false),
  }),
]);

const Network = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** Only these hosts, through a proxy of the hub. */
  z.object({
    kind: z.literal('allow'),
    hosts: z
      .array(z.string().regex(hostPattern, 'must look like api.example.com, *.example.com or example.com:8443'))
      .min(1, 'must name at least one host')
      .max(100),
  }),
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('named'), name: word(128, 'must be the name of a network') }),
]);

const Source = word(4_096, 'must be an absolute path of the host or the name of a volume').regex(
  /^(?:\/|[A-Za-z0-9][A-Za-z0-9_.-]*$)/,
  'must be an absolute path of the host or the name of a volume',
);
const Target = NoNul(4_096).regex(
  /^\/[^:]*(?::(?:ro|rw))?$/,
  'must be a path in the container, for example /data or /data:ro',
);

/** How an MCP server is kept in a container. Closed in by default: whatever is open is named here. */
export const ContainerSettings = z
  .object({
    image: Image,
    /** Name of an engine; null = the usual one. */
    engine: z.string().min(1).max(64).nullable().default(null),
    /** In place of the image's own; null = the image's. Command and args come after it. */
    entrypoint: Args.nullable().default(null),
    transport: Transport.default({ kind: 'stdio' }),
    network: Network.default({ kind: 'none' }),
    /** Host path or volume to a path in the container. */
    volumes: z
      .record(Source, Target, { error: badName })
      .refine((volumes) => Object.keys(volumes).length <= 32, 'must have at most 32 entries')
      .default({}),
    limits: z
      .object({
        cpus: z.number().min(0.01).max(1_024).default(1),
        memoryBytes: z
          .int()
          .min(6 * mb, 'must be at least 6 MB (6291456)')
          .default(512 * mb),
        pids: z.int().min(1).max(1_000_000).default(256),
      })
      .prefault({}),
    /** `image` = whatever the image says; null = its user where that is not root, else nobody. */
    user: word(128, 'must be a user, for example 1000:1000').nullable().default(null),
    /** False leaves the container's own files writable. */
    readOnly: z.boolean().default(true),
    pull: z.enum(['missing', 'always', 'never']).default('missing'),
    /** A service of the engine's swarm instead of a container beside the hub. */
    swarm: z
      .object({
        replicas: z.int().min(1).max(100).default(1),
        constraints: z.array(NoNul(256)).max(16).default([]),
      })
      .nullable()
      .default(null),
  })
  .superRefine(({ swarm, transport, network, volumes }, issues) => {
    if (swarm === null) return;
    function refuse(path: string, message: string) {
      issues.addIssue({ code: 'custom', path: [path], message });
    }
    if (transport.kind !== 'http')
      refuse('transport', 'must be http in a swarm: input and output cannot be reached there');
    if (network.kind !== 'open')
      refuse('network', 'must be open in a swarm: its services reach whatever their node does');
    if (Object.keys(volumes).length > 0) refuse('volumes', 'must be empty in a swarm: another node has other files');
  });
export type ContainerSettings = z.infer<typeof ContainerSettings>;
export type ContainerInput = z.input<typeof ContainerSettings>;

/** The process settings of a server before it moved into a container. */
export interface FormerProcess {
  command: string | null;
  args: string[];
  cwd: string | null;
}

/** The stored form, which is shown to callers who may configure the server. */
export interface KeptContainer extends ContainerSettings {
  /** Null where it never was a process: it cannot be switched back. */
  process: FormerProcess | null;
  authority: Authority;
}

/** The person who last changed the container, and whether that person may let it reach the host. */
export interface Authority {
  owner: string | null;
  unconfined: boolean;
}

/** The limits of a confined container; nobody needs a right of their own for them. */
export const closedLimits = ContainerSettings.parse({ image: 'x' }).limits;

/** A service of a stack that speaks MCP over HTTP. */
export const ServerFromService = z.object({
  stackId: z.string().min(1).max(256),
  service: z.string().min(1).max(256),
  /** Of its container; it has to be published. */
  port: z.int().min(1).max(65_535),
  path: HttpPath.default('/mcp'),
  sse: z.boolean().default(false),
  id: z.string().max(64).optional(),
  name: z.string().min(1).max(128).optional(),
});

/** Moves a process into a container; what is not given comes from the hub's base image and the closed defaults. */
export const ToContainer = z.object({
  id: z.string().min(1).max(256),
  image: Image.optional(),
  network: Network.optional(),
  volumes: z.record(Source, Target, { error: badName }).optional(),
});
