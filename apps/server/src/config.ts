import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { Username } from '@switchboard/core/access/schema';
import { readProxies, type Proxies } from '@switchboard/mcp-runtime';
import { CapSettings, toCaps, wholeNumber } from './process/caps.ts';
import { handedOn } from './process/child-env.ts';
import { list } from './process/list.ts';
import { TelemetrySettings, toTelemetry } from './telemetry/settings.ts';
import { ClaudeSettings, toClaude } from './wiring/claude-settings.ts';
import { ModelSettings, toFirstModels } from './wiring/first-models.ts';
import { fixedBy } from './wiring/fixed-settings.ts';

const flag = z.stringbool();
const image = z.string().regex(/^\S+$/, 'must be the name of an image');
const sizes: Record<string, number> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

function byteSize(most: number) {
  return z.string().transform((value, issues) => {
    const match = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?$/i.exec(value.trim());
    const bytes = match ? Math.floor(Number(match[1]) * (sizes[(match[2] ?? '').toLowerCase()] ?? 1)) : 0;
    if (bytes >= 1024 && bytes <= most) return bytes;
    const message = `must be a size between 1KB and ${most / 1024 ** 3}GB, for example 10MB`;
    issues.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

const longestDurationMs = 600_000;
const shortestPollMs = 1_000;
const milliseconds: Record<string, number> = { ms: 1, s: 1000, m: 60_000 };

/** A length of time with its unit; gives milliseconds. */
const duration = z.string().transform((value, issues) => {
  const match = /^(\d+(?:\.\d+)?) ?(ms|s|m)$/i.exec(value.trim());
  const ms = value.trim() === '0' ? 0 : Number(match?.[1]) * (milliseconds[(match?.[2] ?? '').toLowerCase()] ?? NaN);
  if (ms <= longestDurationMs) return Math.round(ms);
  issues.addIssue({
    code: 'custom',
    message: 'must be a length of time up to 10m with its unit, for example 500ms or 30s',
  });
  return z.NEVER;
});

/** The database's own account, and those that many systems have. */
const takenUids = [60_742, 65_534, 65_535];
const lowestUid = 1000;

const uidRange = z.string().transform((value, issues) => {
  const match = /^(\d{1,10}) ?[-–] ?(\d{1,10})$/.exec(value.trim());
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  const taken = takenUids.find((uid) => first <= uid && uid <= last);
  if (first >= lowestUid && first <= last && last < 2 ** 31 && taken === undefined) return { first, last };
  const why = taken === undefined ? '' : `, and ${taken} is not free`;
  issues.addIssue({ code: 'custom', message: `must be two uids from ${lowestUid} on, for example 61200-64999${why}` });
  return z.NEVER;
});

const httpOrigin = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });
/** Pages, APIs and cookies of the hub are at the root of a host. */
const publicUrl = httpOrigin.transform((value, issues) => {
  const { origin, href } = new URL(value);
  if (href === origin || href === `${origin}/`) return origin;
  const message = `must be scheme, host and port alone, like ${origin}: the hub is not served below a path`;
  issues.addIssue({ code: 'custom', message });
  return z.NEVER;
});
const tokenUnits: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };
/** Seconds that a token lives. */
const tokenLife = z.string().transform((value, issues) => {
  const match = /^(\d{1,6}) ?(m|h|d)$/i.exec(value.trim());
  const seconds = Number(match?.[1]) * (tokenUnits[(match?.[2] ?? '').toLowerCase()] ?? NaN);
  if (seconds >= 60 && seconds <= 365 * 86_400) return seconds;
  issues.addIssue({ code: 'custom', message: 'must be between 1m and 365d, for example 30m, 1h or 60d' });
  return z.NEVER;
});
const traceIdPlace = '{traceId}';
const traceUrl = httpOrigin.refine(
  (value) => value.split(traceIdPlace).length === 2 && !new URL(value).host.includes(traceIdPlace.toLowerCase()),
  `must have ${traceIdPlace} once, where the id of a trace belongs, like https://traces.example.com/trace/${traceIdPlace}`,
);
const host = z.string().regex(/^[^\s/]+$/, 'must be a host name, or host:port');

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be names of variables');

const Environment = z.object({
  PORT: wholeNumber(0, 65_535, 3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
  ADMIN_USERNAME: Username.default('admin'),
  ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').optional(),
  SECRET_KEY: z
    .string()
    .refine(
      (value) => Buffer.from(value, 'base64').length === 32,
      'must be 32 bytes in base64 (openssl rand -base64 32)',
    )
    .optional(),
  AUTH_MODE: z.enum(['required', 'open']).default('required'),
  ALLOW_REGISTRATION: flag.optional(),
  SIMULATOR_DEMO: flag.optional(),
  MCP_CONFIG: z.string().min(1).optional(),
  ALLOWED_HOSTS: list.pipe(z.array(host)),
  ALLOWED_ORIGINS: list.pipe(z.array(httpOrigin.transform((value) => new URL(value).origin))),
  ALLOW_PRIVATE_URLS: flag.default(false),
  ALLOW_SHUTDOWN: flag.default(false),
  ENV_PASSTHROUGH: list.pipe(z.array(variableName)),
  BODY_LIMIT: byteSize(1024 ** 3).prefault('10MB'),
  CHILD_UIDS: uidRange.prefault('61200-64999'),
  CHILD_MAX_PROCESSES: wholeNumber(16, 1_000_000, 2048),
  CHILD_MAX_FILES: wholeNumber(64, 1_000_000, 4096),
  CHILD_MAX_FILE_SIZE: byteSize(1024 ** 4).prefault('4GB'),
  CHILD_NO_NEW_PRIVILEGES: flag.default(true),
  CHILD_ENV: list.pipe(z.array(variableName)),
  PUBLIC_URL: publicUrl.optional(),
  OAUTH_REGISTRATION: flag.default(true),
  OAUTH_ACCESS_TOKEN: tokenLife.prefault('1h'),
  OAUTH_REFRESH_TOKEN: tokenLife.prefault('60d'),
  TRACE_URL: traceUrl.optional(),
  DRAIN_DELAY: duration.prefault('0'),
  DRAIN_TIMEOUT: duration.prefault('10s'),
  JOB_POLL: duration.prefault('30s').refine((ms) => ms >= shortestPollMs, 'must be at least 1s'),
  TRUST_PROXY: flag.default(false),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  DOCKER_HOST: z.string().min(1).optional(),
  DOCKER_CERT_PATH: z.string().min(1).optional(),
  DOCKER_CONFIG: z.string().min(1).optional(),
  ENGINES: z.string().min(1).optional(),
  STACKS_DIR: z.string().min(1).optional(),
  CONTAINER_ROOTS: list.pipe(z.array(z.string().regex(/^\//, 'must be absolute paths, separated by commas'))),
  CONTAINER_BASE_IMAGE: image.optional(),
  CONTAINER_IMAGES: list,
  TOOL_PYTHON_IMAGE: image.default('python:3.13-slim'),
  TOOL_NODE_IMAGE: image.default('node:24-slim'),
  TOOL_SANDBOX: z.enum(['auto', 'container', 'deno', 'none']).default('auto'),
  TOOL_DENO: z.string().regex(/^\//, 'must be the absolute path of the program').optional(),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  HOME: z.string().default('/'),
  TMPDIR: z.string().default('/tmp'),
  LANG: z.string().default('C.UTF-8'),
  ...CapSettings.shape,
  ...ClaudeSettings.shape,
});

/** A setting that stops the start; the message is one line that names it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export type Config = Readonly<ReturnType<typeof toConfig>>;

/** Whether a host name or address can only be reached from this machine. */
export function isLoopback(name: string): boolean {
  const plain = name.toLowerCase().replace(/^\[|\]$/g, '');
  if (plain === 'localhost' || plain.endsWith('.localhost')) return true;
  if (isIP(plain) === 4) return plain.startsWith('127.');
  return plain === '::1' || plain === '0:0:0:0:0:0:0:1' || plain.startsWith('::ffff:127.');
}

type Env = Readonly<Record<string, string | undefined>>;

function proxiesOf(given: Env): Proxies | null {
  try {
    return readProxies(given);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The names of CHILD_ENV; `none` passes on nothing, null means the usual ones. Throws for a setting of the hub's own.
 */
function childEnvNames(names: readonly string[]): readonly string[] | null {
  if (names.length === 0) return null;
  if (names.length === 1 && names[0]?.toLowerCase() === 'none') return [];
  const own = names.find((name) => Object.hasOwn(Environment.shape, name));
  if (own !== undefined) throw new ConfigError(`CHILD_ENV: ${own} is a setting of the hub, which no program gets.`);
  return names;
}

/** The settings of a schema; throws ConfigError naming the first that is wrong. */
function read<Schema extends z.ZodType>(schema: Schema, given: Env): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message ?? 'is not valid'}`);
}

function toConfig(env: z.infer<typeof Environment>, given: Env) {
  const passed = env.ENV_PASSTHROUGH.map((name) => [name, given[name]]).filter(([, value]) => value !== undefined);
  return {
    port: env.PORT,
    host: env.HOST,
    dataDir: path.resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    adminUsername: env.ADMIN_USERNAME,
    adminPassword: env.ADMIN_PASSWORD ?? null,
    secretKey: env.SECRET_KEY ?? null,
    authMode: env.AUTH_MODE,
    allowRegistration: env.ALLOW_REGISTRATION ?? isLoopback(env.HOST),
    simulatorDemo: env.SIMULATOR_DEMO ?? false,
    mcpConfig: env.MCP_CONFIG === undefined ? null : path.resolve(env.MCP_CONFIG),
    allowedHosts: env.ALLOWED_HOSTS,
    allowedOrigins: env.ALLOWED_ORIGINS,
    allowPrivateUrls: env.ALLOW_PRIVATE_URLS,
    /** Whether admins may stop the hub over HTTP. */
    allowShutdown: env.ALLOW_SHUTDOWN,
    /** Values of the names in ENV_PASSTHROUGH. */
    envPassthrough: Object.fromEntries(passed) as Readonly<Record<string, string>>,
    bodyLimit: env.BODY_LIMIT,
    caps: toCaps(env),
    claude: toClaude(env),
    /** Uids that process servers get as their own, where the hub runs as root. */
    childUids: env.CHILD_UIDS,
    childLimits: {
      processes: env.CHILD_MAX_PROCESSES,
      openFiles: env.CHILD_MAX_FILES,
      fileBytes: env.CHILD_MAX_FILE_SIZE,
    },
    childNoNewPrivileges: env.CHILD_NO_NEW_PRIVILEGES,
    /** Variables that programs of servers get of the hub's environment. */
    childEnv: handedOn(childEnvNames(env.CHILD_ENV), given) as Readonly<Record<string, string>>,
    /** Models of providers whose keys the hub is started with. */
    firstModels: toFirstModels(read(ModelSettings, given)),
    /** Through which remote servers are reached; null = straight. */
    proxies: proxiesOf(given),
    publicUrl: env.PUBLIC_URL ?? null,
    /** How programs sign in for people. */
    oauth: {
      /** Whether they may register themselves. */
      registration: env.OAUTH_REGISTRATION,
      accessSeconds: env.OAUTH_ACCESS_TOKEN,
      refreshSeconds: env.OAUTH_REFRESH_TOKEN,
    },
    /** How long a stopping hub still takes requests, so that a balancer learns of it from `/ready`. */
    drainDelayMs: env.DRAIN_DELAY,
    /** How long requests under way may take to end after that. */
    drainTimeoutMs: env.DRAIN_TIMEOUT,
    /** How often the store of jobs is polled where no notification comes. */
    jobPollMs: env.JOB_POLL,
    /** The address of a trace, with a placeholder for its id. */
    traceUrl: env.TRACE_URL ?? null,
    /** The receivers of traces and metrics; null: none. */
    telemetry: toTelemetry(read(TelemetrySettings, given)),
    trustProxy: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
    /** Settings that variables hold, so that nobody can change them while the hub runs. */
    fixed: fixedBy(given),
    dockerHost: env.DOCKER_HOST ?? null,
    /** Folder with ca.pem, cert.pem and key.pem of a TLS engine at DOCKER_HOST. */
    dockerCertPath: env.DOCKER_CERT_PATH === undefined ? null : path.resolve(env.DOCKER_CERT_PATH),
    /** The folder of the docker client's plugins and registry logins. */
    dockerConfig: path.resolve(env.DOCKER_CONFIG ?? path.join(env.HOME, '.docker')),
    /** More engines by name: JSON, or the path of a file with it. */
    engines: env.ENGINES ?? null,
    stacksDirGiven: env.STACKS_DIR !== undefined,
    stacksDir: path.resolve(env.STACKS_DIR ?? path.join(env.DATA_DIR, 'stacks')),
    /** The image that processes move into. */
    containerBaseImage: env.CONTAINER_BASE_IMAGE ?? null,
    /** The images that everybody may run in confined containers; `*` at the end matches any rest. */
    containerImages: env.CONTAINER_IMAGES,
    /** Images in which generated tools run. */
    toolImages: { python: env.TOOL_PYTHON_IMAGE, node: env.TOOL_NODE_IMAGE },
    /** The place where generated tools run; `auto` means containers where there is an engine, else Deno. */
    toolSandbox: env.TOOL_SANDBOX,
    /** The program; null = the one on the path, or one that is fetched. */
    toolDeno: env.TOOL_DENO ?? null,
    /** Folders of the engines' machines whose content containers may mount. */
    containerRoots: env.CONTAINER_ROOTS.map((root) => path.normalize(root)),
    /** The facts about the machine that a server's process gets. */
    machine: { path: env.PATH, home: env.HOME, tmpdir: env.TMPDIR, lang: env.LANG },
  };
}

function checkOpenMode(config: Config): void {
  if (config.authMode !== 'open') return;
  const rule = 'AUTH_MODE=open lets everybody who reaches the port be admin, so';
  if (!isLoopback(config.host)) throw new ConfigError(`${rule} HOST must be a loopback address, not ${config.host}.`);
  if (config.publicUrl && !isLoopback(new URL(config.publicUrl).hostname)) {
    throw new ConfigError(
      `${rule} PUBLIC_URL must not be ${config.publicUrl}: leave it out, or use AUTH_MODE=required.`,
    );
  }
  if (config.trustProxy) throw new ConfigError(`${rule} TRUST_PROXY cannot be combined with it.`);
}

/** Reads the settings; throws ConfigError naming the first that is wrong. An empty value counts as not set. */
export function loadConfig(env: Env = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const config = Object.freeze(toConfig(read(Environment, given), given));
  checkOpenMode(config);
  return config;
}
