import { asc, eq, getTableColumns, gt, isNull, or } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Runtime, ServerSpec } from '@switchboard/mcp-runtime/types';
import { tellFailure } from '../database-away.ts';
import { messageOf } from '../errors.ts';
import { toolBucket, type Limits } from '../limits/limits.ts';
import type { Clock, Log, Policy } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import type { SelectionSource, Selector } from '../selection.ts';
import { createSingleFlight } from '../single-flight.ts';
import { loadServers } from './queries.ts';
import type { ItemRow, ServerRow } from './rows.ts';
import { toSpec } from './spec.ts';

export interface Reconciler {
  /** Resolves when what the database held at the time of asking is in force; never rejects. */
  now(): Promise<void>;
  start(everyMs: number): void;
  stop(): Promise<void>;
  /** Values a server was given that nobody may see. */
  secretsOf(serverId: string): readonly string[];
}

const { users, apiKeys, groups, groupMembers, groupServers, groupItems, serverItems } = tables;

export interface ReconcilerOptions {
  db: Db;
  runtime: Runtime;
  selector: Selector;
  limits: Pick<Limits, 'setTools'>;
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

  async function follow(): Promise<void> {
    try {
      const { servers, ...rest } = await readAll(db, new Date(options.clock.now()));
      runtime.apply(specs.of(servers));
      options.limits.setTools(toolLimits(rest.items));
      const known = servers.map(({ id, name, createdBy, desired, visibility, recording }) => ({
        id,
        name,
        createdBy,
        desired,
        visibility,
        recording,
      }));
      if (selector.load({ servers: known, ...rest })) runtime.selectionsChanged();
    } catch (error) {
      tellFailure(log, 'error', error, 'The runtime could not be brought up to date; it is tried again');
    }
  }

  const flight = createSingleFlight(follow);
  return {
    secretsOf: specs.secretsOf,
    now: () => flight.run(),
    start(everyMs) {
      timer = setInterval(() => void flight.run(), everyMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await flight.settled();
    },
  };
}

async function readAll(db: Db, now: Date): Promise<Omit<SelectionSource, 'servers'> & { servers: ServerRow[] }> {
  const [servers, items, people, keys, teams, members, assignments, inGroups] = await Promise.all([
    loadServers(db),
    db.select().from(serverItems).orderBy(asc(serverItems.serverId), asc(serverItems.type), asc(serverItems.name)),
    db.select(personColumns).from(users).orderBy(asc(users.id)),
    db
      .select(keyColumns)
      .from(apiKeys)
      .where(or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)))
      .orderBy(asc(apiKeys.id)),
    db.select(groupColumns).from(groups).orderBy(asc(groups.id)),
    db
      .select(memberColumns)
      .from(groupMembers)
      .where(eq(groupMembers.status, 'active'))
      .orderBy(asc(groupMembers.groupId), asc(groupMembers.userId)),
    db.select(assignmentColumns).from(groupServers).orderBy(asc(groupServers.createdAt), asc(groupServers.serverId)),
    db.select(groupItemColumns).from(groupItems).orderBy(asc(groupItems.type), asc(groupItems.name)),
  ]);
  return { servers, items, users: people, keys, groups: teams, members, assignments, groupItems: inGroups };
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
  callsPerMinute: apiKeys.callsPerMinute,
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
  const specs = new Map<string, { spec: ServerSpec; secrets: string[] }>();

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
    of(rows: readonly ServerRow[]): ServerSpec[] {
      const known = new Set(rows.map((row) => row.id));
      for (const id of specs.keys()) if (!known.has(id)) specs.delete(id);
      return rows.map(specOf).filter((spec) => spec !== null);
    },
  };
}
