import { z } from 'zod';
import { accounts, desiredStates, isolations, recordings, visibilities } from '@switchboard/db/words';
import type { ServerStatus } from '@switchboard/mcp-runtime/types';
import { slotFaults } from '../slots/places.ts';
import { VersionNumber, type TextDiff, type VersionSummary } from '../versions/schema.ts';
import { ContainerSettings, SecretFiles, type KeptContainer } from './container-settings.ts';
import { Args, Command, Cwd, Env, Headers, HttpUrl, Name } from './fields.ts';
import { ServerKind, transports, type Transport } from './kinds/kind.ts';
import { hasField, kinds, ownersOf } from './kinds/table.ts';
import { plainInputs } from './plain-fields.ts';
import { clientSecretNames, SignInSettings } from './sign-in-settings.ts';

export {
  ContainerSettings,
  ServerFromService,
  ToContainer,
  type Authority,
  type ContainerInput,
  type FormerProcess,
  type KeptContainer,
} from './container-settings.ts';

export * from './items-schema.ts';
export { emptyLaunch, ServerKind, serverKinds, transports, type LaunchField, type Transport } from './kinds/kind.ts';
export { hasField } from './kinds/table.ts';
export * from './logs-schema.ts';
export * from './sign-in-settings.ts';
export { DesiredState, Recording, Visibility } from './plain-fields.ts';
export * from './transfer-schema.ts';
export { accounts, desiredStates, isolations, recordings, visibilities };
export const statusWords = [
  'starting',
  'running',
  'stopping',
  'stopped',
  'error',
  'asleep',
  'disabled',
  'needs-sign-in',
] as const;
export const serverSorts = ['name', 'id', 'kind', 'status', 'createdAt', 'updatedAt', 'lastActivity', 'tools'] as const;

/** The mask of a stored value; written back it keeps the value. */
export const secretMask = '***';

/** Slugs of servers, groups, apps and graphs: no `__`, no final `_`, at most 32 characters. */
export const slugPattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]|_(?=[A-Za-z0-9-])){0,31}$/;
const slugRule =
  "must be 1 to 32 letters, digits, '-' or single '_', starting with a letter or digit and not ending with '_'";
export const Isolation = z.enum(isolations);
export type Isolation = z.infer<typeof Isolation>;
/** The account of the machine that a process runs under: the one that servers share, or one that is its alone. */
export const Account = z.enum(accounts);
export type Account = z.infer<typeof Account>;
export const StatusWord = z.enum(statusWords);
export type StatusWord = z.infer<typeof StatusWord>;

export const Slug = z.string().regex(slugPattern, slugRule);

export const ServerLimits = z.object({
  startTimeoutMs: z.int().min(1_000).max(600_000).default(60_000),
  callTimeoutMs: z.int().min(1_000).max(3_600_000).default(120_000),
  maxCallMs: z.int().min(1_000).max(86_400_000).default(1_800_000),
  idleMs: z.int().min(0).max(86_400_000).default(600_000),
  maxInstances: z.int().min(1).max(256).default(64),
});
export type ServerLimits = z.infer<typeof ServerLimits>;

const fields = {
  name: Name,
  ...plainInputs,
  kind: ServerKind,
  command: Command.nullable(),
  args: Args,
  env: Env,
  cwd: Cwd.nullable(),
  url: HttpUrl.nullable(),
  headers: Headers,
  container: ContainerSettings.nullable(),
  secrets: SecretFiles,
  signIn: SignInSettings.nullable(),
  /** Id of a simulated product. */
  app: z.string().min(1).max(64).nullable(),
  /** Id of a graph. */
  graph: z.string().min(1).max(64).nullable(),
  isolation: Isolation,
  limits: ServerLimits.partial(),
  account: Account,
};

/** A server that there is: `kind` says whether `command`, `url` or `container` is needed. */
export const WholeServer = z
  .object({ ...fields, id: Slug })
  .partial()
  .required({ kind: true })
  .superRefine((draft, issues) => {
    function missing(path: string, message: string) {
      issues.addIssue({ code: 'custom', path: [path], message });
    }
    if (draft.id === undefined && draft.name === undefined) missing('name', 'is required');
    const { needs, has } = kinds[draft.kind];
    if (needs !== null && !draft[needs.field]) missing(needs.field, needs.hint);
    for (const field of ['command', 'url', 'account', 'container', 'signIn', 'app', 'graph'] as const) {
      if (draft[field] && !hasField(draft.kind, field)) missing(field, `belongs to ${ownersOf(field)}; ${has}`);
    }
    for (const { path, message } of slotFaults(draft)) issues.addIssue({ code: 'custom', path, message });
    if (draft.signIn?.who === 'hub' && draft.signIn.clientId === null) {
      issues.addIssue({
        code: 'custom',
        path: ['signIn', 'clientId'],
        message: 'is required where the hub signs in by itself',
      });
    }
    if (!hasField(draft.kind, 'signIn')) return;
    for (const name of Object.keys(draft.secrets ?? {})) {
      if (clientSecretNames.some((known) => known === name)) continue;
      const message = `must be ${clientSecretNames.join(' or ')}: a ${draft.kind} server has no other secrets`;
      issues.addIssue({ code: 'custom', path: ['secrets', name], message });
    }
  });

/** A server to be, of a kind that is made from fields alone. Without `id` the slug comes from `name`. */
export const CreateServer = WholeServer.superRefine(({ kind }, issues) => {
  const { needs, has } = kinds[kind];
  if (needs === null) issues.addIssue({ code: 'custom', path: ['kind'], message: has });
});
export type CreateServer = z.infer<typeof CreateServer>;

/** Missing fields keep their value; `env`, `headers` and `secrets` are replaced whole, `***` in them keeps a stored value. */
const ServerFields = z.object(fields);
export const ServerPatch = ServerFields.partial();
export type ServerPatch = z.infer<typeof ServerPatch>;

const ServerRef = z.string().min(1).max(256);
export const ById = z.object({ id: ServerRef });
export const UpdateServer = z.object({ id: ServerRef, patch: ServerPatch });
export const DiffServer = ById.extend({ from: VersionNumber, to: VersionNumber });
export const RestoreServer = ById.extend({ number: VersionNumber });
export const StartServer = z.object({
  id: ServerRef,
  /** Wait until it runs or has failed. */
  wait: z.boolean().default(false),
});
export const StopServer = z.object({
  id: ServerRef,
  graceful: z.boolean().default(true),
  timeoutMs: z.int().min(0).max(600_000).default(30_000),
});

export const ListServers = z.object({
  search: z.string().max(256).optional(),
  status: z.array(StatusWord).optional(),
  kind: z.array(ServerKind).optional(),
  transport: z.array(z.enum(transports)).optional(),
  tags: z.array(z.string()).optional(),
  enabled: z.boolean().optional(),
  /** Exact ids. */
  ids: z.array(z.string()).optional(),
  createdAfter: z.date().optional(),
  createdBefore: z.date().optional(),
  sort: z.enum(serverSorts).optional(),
  order: z.enum(['asc', 'desc']).optional(),
  page: z.int().min(1).default(1),
  limit: z.int().min(1).max(1_000).default(20),
});
export type ListServers = z.infer<typeof ListServers>;

export const TestServer = z.object({
  draft: CreateServer,
  /** An existing server whose stored values replace `***`. */
  existingId: ServerRef.optional(),
});

export const RevealSecret = z.object({
  id: ServerRef,
  field: z.enum(['env', 'headers', 'secrets']),
  name: z.string().min(1),
});

/** The rights of an actor on a server that it sees. */
export interface ServerRights {
  /** May read what it writes. */
  logs: boolean;
  configure: boolean;
  operate: boolean;
  use: boolean;
  remove: boolean;
  reveal: boolean;
  /** May put it into groups and say who sees it. */
  share: boolean;
  /** May give it to another owner. */
  give: boolean;
}

/** Calls of the last hour, from memory. */
export interface ServerCalls {
  count: number;
  /** Errors and timeouts. */
  errors: number;
  /** Calls that the tool itself answered with an error. */
  toolErrors: number;
  avgMs: number | null;
  lastAt: number | null;
}

/** One upstream server as an actor sees it; values of headers and secrets are always masked, those of env where they are secret. */
export interface Server extends Omit<z.infer<typeof ServerFields>, 'container' | 'account' | 'limits' | 'signIn'> {
  id: string;
  transport: Transport;
  container: KeptContainer | null;
  signIn: SignInSettings | null;
  /** The account that its process runs under; null for other kinds. */
  account: Account | null;
  limits: ServerLimits;
  /** The owner's id, and for who may configure the server the owner's user name. */
  createdBy: string | null;
  ownerName: string | null;
  createdAt: Date;
  updatedAt: Date;
  lastRestartAt: Date | null;
  status: ServerStatus;
  /** Names written as `${NAME}` that nothing provides. */
  missing: string[];
  /** Names of slots that the actor has yet to fill. */
  missingSlots: string[];
  can: ServerRights;
  calls: ServerCalls;
}

export interface ServerPage {
  items: Server[];
  total: number;
}

export interface ServerVersions {
  versions: VersionSummary[];
  /** As many are kept. */
  most: number;
}

export interface ServerDiff {
  settings: TextDiff;
  /** Variables, headers and secret files that another value was given. */
  changedValues: string[];
}
