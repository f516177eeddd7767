import { asc, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { itemTypes } from '@switchboard/db/words';
import type { Ctx } from '../context.ts';
import type { Versioned } from '../versions/kinds.ts';
import { saidOnly } from '../versions/said.ts';
import { recordVersion, removeVersions } from '../versions/versions.ts';
import { hasField } from './kinds/table.ts';
import { plainOfRow } from './plain-fields.ts';
import { containerOf, openEnv, openLaunch, secretColumns, shownEnv, signInOf } from './queries.ts';
import type { ItemRow, ServerRow } from './rows.ts';
import { ContainerSettings, secretMask } from './schema.ts';

/** A server with what was changed about its items. */
export interface ServerState {
  row: ServerRow;
  items: ItemRow[];
}

type KeptItem = { enabled: boolean; description?: string; callsPerMinute?: number };

const { serverItems, servers } = tables;

export function versionedServer({ id }: Pick<ServerRow, 'id'>) {
  return { kind: 'server', id } as const;
}

/** A server as it is stored; null where there is none of this id. */
export async function stateOf({ db }: Pick<Ctx, 'db'>, id: string): Promise<ServerState | null> {
  const [row] = await db.select().from(servers).where(eq(servers.id, id));
  if (!row) return null;
  const items = await db
    .select()
    .from(serverItems)
    .where(eq(serverItems.serverId, id))
    .orderBy(asc(serverItems.type), asc(serverItems.name));
  return { row, items };
}

function describeItem({ enabled, description, callsPerMinute }: ItemRow): KeptItem {
  return { enabled, ...(description !== null && { description }), ...(callsPerMinute !== null && { callsPerMinute }) };
}

function describeItems(items: readonly ItemRow[]) {
  const told = itemTypes.map((type) => {
    const ofType = items.filter((item) => item.type === type);
    return [type, Object.fromEntries(ofType.map((item) => [item.name, describeItem(item)]))] as const;
  });
  return saidOnly(Object.fromEntries(told));
}

function masked(values: Readonly<Record<string, string>>, shown: ReadonlySet<string> = new Set()) {
  return Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, shown.has(name) ? value : secretMask] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/**
 * The settings of a server as a version stores them: without secrets of variables, headers and files, without its
 * owner, and without whether it is on. The result is equal as long as nobody changes the settings. Addresses and
 * arguments are kept as they are.
 */
export function describeState(ctx: Pick<Ctx, 'secrets'>, { row, items }: ServerState): Record<string, unknown> {
  const launch = openLaunch(ctx.secrets, row);
  const container = containerOf(row);
  const { desired: _desired, ...plain } = plainOfRow(row);
  const { kind, name, command, args, cwd, url, app, graph, isolation, account, limits } = row;
  return saidOnly({
    name,
    kind,
    ...plain,
    command,
    args,
    env: masked(launch.env, shownEnv(openEnv(ctx.secrets, row))),
    cwd,
    url,
    headers: masked(launch.headers),
    container: container && ContainerSettings.parse(container),
    secrets: masked(launch.secrets),
    signIn: signInOf(row),
    app,
    graph,
    isolation,
    account: hasField(kind, 'account') ? account : null,
    limits,
    items: describeItems(items),
  });
}

function versionOf(ctx: Pick<Ctx, 'secrets'>, state: ServerState): Versioned<'server'> {
  const launch = openLaunch(ctx.secrets, state.row);
  const shown = shownEnv(openEnv(ctx.secrets, state.row));
  const marks = secretColumns.flatMap((column) =>
    Object.entries(launch[column])
      .filter(([name]) => column !== 'env' || !shown.has(name))
      .map(([name, value]): [string, string] => {
        const place = { table: 'versions', row: state.row.id, column };
        return [`${column}.${name}`, ctx.secrets.mark(place, JSON.stringify([name, value]))];
      }),
  );
  return { snapshot: describeState(ctx, state), fingerprints: Object.fromEntries(marks) };
}

/** Keeps what a server is after a change, in the change's transaction; `was` is what it was before. */
export async function keepVersion(
  ctx: Ctx,
  id: string,
  { was = null, restored }: { was?: ServerState | null; restored?: number } = {},
): Promise<void> {
  const now = await stateOf(ctx, id);
  if (!now) return;
  await recordVersion(ctx, versionedServer(now.row), versionOf(ctx, now), {
    ...(was && { before: { ...versionOf(ctx, was), at: was.row.updatedAt } }),
    ...(restored !== undefined && { restored }),
  });
}

/** Forgets what a server was: addresses and arguments of before may hold secrets that its next owner never had. */
export async function beginVersions(ctx: Ctx, id: string): Promise<void> {
  await removeVersions(ctx, versionedServer({ id }));
  await keepVersion(ctx, id);
}
