import { asc, eq, getTableColumns, gt, isNull, or } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Runtime, ServerSpec } from '@switchboard/mcp-runtime/types';
import type { DirectorySource } from '../access/directory.ts';
import { tellFailure } from '../database-away.ts';
import { messageOf } from '../errors.ts';
import type { AffectedPart } from '../events.ts';
import { toolBucket, type Limits } from '../limits/limits.ts';
import type { Clock, Log, Policy } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import type { SelectionSource, Selector } from '../selection.ts';
import { targetOf, type Target } from '../sign-ins/target.ts';
import { createSingleFlight } from '../single-flight.ts';
import { loadServers } from './queries.ts';
import type { ItemRow, ServerRow } from './rows.ts';
import { toSpec } from './spec.ts';

export interface Reconciler {
  /**
   * Resolves when what the database held at the time of asking is in force; never rejects. Without `parts`, everything
   * is read again.
   */
  now(parts?: Iterable<AffectedPart>): Promise<void>;
  start(everyMs: number): void;
  stop(): Promise<void>;
  /** Values a server was given that nobody may see. */
  secretsOf(serverId: string): readonly string[];
  /** How a remote server is reached and signed in to; null where there is none of this id. */
  targetOf(serverId: string): Target | null;
}

const { users, apiKeys, oauthGrants, groups, groupMembers, groupServers, groupItems, serverItems } = tables;

/** What of a selection is told by the servers themselves. */
type RuntimeSource = Pick<SelectionSource, 'servers' | 'items'>;

export interface ReconcilerOptions {
  db: Db;
  runtime: Runtime;
  selector: Selector;
  limits: Pick<Limits, 'setTools'>;
  /** Follows simulated products. */
  simulator: { load(): Promise<void> };
  /** Follows what people gave of their own. */
  personal: { load(): Promise<void>; declare(servers: readonly ServerRow[]): void; changed(): void };
  /** Follows what can be set while the hub runs. */
  settings: { load(): Promise<void> };
  secrets: Secrets;
  policy: Policy;
  clock: Clock;
  log: Log;
}

/** Makes the runtime's specs and the selection follow the database: after each change, and on a timer. */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { db, runtime, selector, log } = options;
  const specs = createSpecCache(options);
  let timer: NodeJS.Timeout | undefined;

  const wanted = new Set<AffectedPart>();
  let ofRuntime: RuntimeSource | null = null;
  let ofAccess: DirectorySource | null = null;

  async function readRuntime(): Promise<RuntimeSource> {
    const { servers, items } = await loadRuntime(db);
    options.personal.declare(servers);
    runtime.apply(specs.of(servers));
    options.limits.setTools(toolLimits(items));
    const known = servers.map(({ id, name, createdBy, desired, visibility, recording }) => ({
      id,
      name,
      createdBy,
      desired,
      visibility,
      recording,
    }));
    return { servers: known, items };
  }

  async function follow(): Promise<void> {
    const parts = new Set(wanted);
    wanted.clear();
    try {
      if (parts.has('settings')) await options.settings.load();
      // Before the runtime, which may start a server that shows an app, or one in somebody's name.
      if (parts.has('simulator')) await options.simulator.load();
      if (parts.has('personal')) await options.personal.load();
      const [runtimeSource, accessSource] = await Promise.all([
        parts.has('runtime') || ofRuntime === null ? readRuntime() : ofRuntime,
        parts.has('access') || ofAccess === null ? loadAccess(db, new Date(options.clock.now())) : ofAccess,
      ]);
      ofRuntime = runtimeSource;
      ofAccess = accessSource;
      const isOther = selector.load({ ...runtimeSource, ...accessSource });
      if (isOther) runtime.selectionsChanged();
      if (isOther || parts.has('personal')) options.personal.changed();
    } catch (error) {
      for (const part of parts) wanted.add(part);
      tellFailure(log, 'error', error, 'The runtime could not be brought up to date; it is tried again');
    }
  }

  const flight = createSingleFlight(follow);

  function now(
    parts: Iterable<AffectedPart> = ['settings', 'runtime', 'access', 'simulator', 'personal'],
  ): Promise<void> {
    for (const part of parts) wanted.add(part);
    return flight.run();
  }

  return {
    secretsOf: specs.secretsOf,
    targetOf: specs.targetOf,
    now,
    start(everyMs) {
      timer = setInterval(() => void now(), everyMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await flight.settled();
    },
  };
}

async function loadRuntime(db: Db): Promise<{ servers: ServerRow[]; items: ItemRow[] }> {
  const [servers, items] = await Promise.all([
    loadServers(db),
    db.select().from(serverItems).orderBy(asc(serverItems.serverId), asc(serverItems.type), asc(serverItems.name)),
  ]);
  return { servers, items };
}

/** Who there is, and who may do what. */
async function loadAccess(db: Db, now: Date): Promise<DirectorySource> {
  const [people, keys, given, teams, members, assignments, inGroups] = await Promise.all([
    db.select(personColumns).from(users).orderBy(asc(users.id)),
    db
      .select(keyColumns)
      .from(apiKeys)
      .where(or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)))
      .orderBy(asc(apiKeys.id)),
    db
      .select(grantColumns)
      .from(oauthGrants)
      .where(or(isNull(oauthGrants.expiresAt), gt(oauthGrants.expiresAt, now)))
      .orderBy(asc(oauthGrants.id)),
    db.select(groupColumns).from(groups).orderBy(asc(groups.id)),
    db
      .select(memberColumns)
      .from(groupMembers)
      .where(eq(groupMembers.status, 'active'))
      .orderBy(asc(groupMembers.groupId), asc(groupMembers.userId)),
    db.select(assignmentColumns).from(groupServers).orderBy(asc(groupServers.createdAt), asc(groupServers.serverId)),
    db.select(groupItemColumns).from(groupItems).orderBy(asc(groupItems.type), asc(groupItems.name)),
  ]);
  return { users: people, keys, grants: given, groups: teams, members, assignments, groupItems: inGroups };
}

const { id: userId, username, role, disabled, grants, mustChangePassword } = users;
const personColumns = { id: userId, username, role, disabled, grants, mustChangePassword };
const keyColumns = {
  id: apiKeys.id,
  name: apiKeys.name,
  userId: apiKeys.userId,
  scopes: apiKeys.scopes,
  endpoints: apiKeys.endpoints,
  groups: apiKeys.groups,
  servers: apiKeys.servers,
  tools: apiKeys.tools,
  resources: apiKeys.resources,
  callsPerMinute: apiKeys.callsPerMinute,
};
const grantColumns = {
  id: oauthGrants.id,
  name: oauthGrants.clientName,
  userId: oauthGrants.userId,
  endpoint: oauthGrants.endpoint,
  scopes: oauthGrants.scopes,
  servers: oauthGrants.servers,
  tools: oauthGrants.tools,
};
const groupColumns = {
  id: groups.id,
  displayName: groups.displayName,
  parentId: groups.parentId,
  permissions: groups.permissions,
};
const memberColumns = { groupId: groupMembers.groupId, userId: groupMembers.userId, role: groupMembers.role };
const { createdAt: _createdAt, ...assignmentColumns } = getTableColumns(groupServers);
const { updatedAt: _updatedAt, ...groupItemColumns } = getTableColumns(groupItems);

function toolLimits(items: readonly ItemRow[]): Map<string, number> {
  const limits = new Map<string, number>();
  for (const { serverId, type, name, callsPerMinute } of items) {
    if (type === 'tool' && callsPerMinute !== null) limits.set(toolBucket(serverId, name), callsPerMinute);
  }
  return limits;
}

/** A spec stays the same object while its server needs no restart: its secrets are opened once. */
function createSpecCache({ secrets, policy, log }: ReconcilerOptions) {
  const specs = new Map<string, ReturnType<typeof toSpec>>();

  function specOf(row: ServerRow): ServerSpec | null {
    const known = specs.get(row.id);
    if (known?.spec.revision === row.revision && known.spec.desired === row.desired) return known.spec;
    try {
      const made = toSpec(row, secrets, policy);
      specs.set(row.id, made);
      return made.spec;
    } catch (error) {
      log.error({ server: row.id, error: messageOf(error) }, 'A server cannot be run as it is stored');
      return null;
    }
  }

  return {
    secretsOf: (id: string): string[] => specs.get(id)?.secrets ?? [],
    targetOf(id: string): Target | null {
      const made = specs.get(id);
      return made ? targetOf(made.spec.launch, made.signIn, made.way) : null;
    },
    of(rows: readonly ServerRow[]): ServerSpec[] {
      const known = new Set(rows.map((row) => row.id));
      for (const id of specs.keys()) if (!known.has(id)) specs.delete(id);
      return rows.map(specOf).filter((spec) => spec !== null);
    },
  };
}
