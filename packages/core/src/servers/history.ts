import { eq } from 'drizzle-orm';
import { stringify } from 'yaml';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { requireRight } from '../access/require.ts';
import { findApp } from '../apps/queries.ts';
import type { Ctx } from '../context.ts';
import { findGraph } from '../graphs/queries.ts';
import { say } from '../reasons.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { diffTexts } from '../versions/diff.ts';
import { changedSecrets, listVersions, mostVersions, requireReferences, requireVersion } from '../versions/versions.ts';
import { keepVersion, stateOf, versionedServer } from './describe.ts';
import { emptyLaunch } from './kinds/kind.ts';
import { absentServer, openMap, requireServer, secretColumns, serverResource } from './queries.ts';
import type { ServerRow } from './rows.ts';
import {
  ById,
  DiffServer,
  ItemType,
  RestoreServer,
  secretMask,
  ServerLimits,
  ServerPatch,
  type Server,
  type ServerDiff,
  type ServerVersions,
} from './schema.ts';
import { changeServer } from './update.ts';
import { toServer } from './view.ts';

/** Versions contain the configuration, so they are for callers who may change it. */
async function requireConfigurable(ctx: Ctx, id: string): Promise<ServerRow> {
  const row = await requireServer(ctx, id);
  requireRight(ctx, 'server.configure', serverResource(row), () => absentServer(id));
  return row;
}

/** Lists the versions of a server, newest first. */
export const listServerVersions = verb(
  { name: 'server.configure', access: 'read', input: ById },
  async (ctx, { id }): Promise<ServerVersions> => {
    const row = await requireConfigurable(ctx, id);
    return { versions: await listVersions(ctx, versionedServer(row)), most: mostVersions };
  },
);

/** The difference between two versions of a server, as lines of YAML, without secrets of variables and headers. */
export const diffServerVersions = verb(
  { name: 'server.configure', access: 'read', input: DiffServer },
  async (ctx, { id, from, to }): Promise<ServerDiff> => {
    const entity = versionedServer(await requireConfigurable(ctx, id));
    const [before, after] = [await requireVersion(ctx, entity, from), await requireVersion(ctx, entity, to)];
    return {
      settings: diffTexts(textOf(before.snapshot), textOf(after.snapshot)),
      changedValues: changedSecrets(before, after),
    };
  },
);

/** Fields of older versions in the order of the present ones. */
const order = ['name', 'kind', 'description', 'docsUrl', 'tags', 'visibility', 'recording', 'command', 'args', 'env'];

function textOf(snapshot: Readonly<Record<string, unknown>>): string {
  const names = [...new Set([...order, ...Object.keys(snapshot).toSorted()])];
  const sorted = names.flatMap((name) => (Object.hasOwn(snapshot, name) ? [[name, snapshot[name]]] : []));
  return stringify(Object.fromEntries(sorted), { lineWidth: 0 });
}

/** The stored items of a version; versions outlive the release that wrote them. */
const Items = z
  .partialRecord(
    ItemType,
    z.record(
      z.string(),
      z.object({
        enabled: z.boolean(),
        description: z.string().optional(),
        callsPerMinute: z.number().optional(),
      }),
    ),
  )
  .default({});
export const KeptServer = ServerPatch.extend({ items: Items });
type StoredServer = z.output<typeof KeptServer>;

/** The patch that restores a version; fields that the version lacks get their defaults. */
export function patchOf({ items: _items, limits, ...kept }: StoredServer): ServerPatch {
  // The switch of a server is no part of its versions.
  const nothing = { ...emptyLaunch, description: '', docsUrl: null, tags: [], slots: [] };
  const unlimited = Object.fromEntries(Object.keys(ServerLimits.shape).map((name) => [name, undefined]));
  return { ...nothing, ...kept, limits: { ...unlimited, ...limits } };
}

/** Secrets that a version had and that are not stored any more. */
function goneSecrets(ctx: Ctx, row: ServerRow, kept: StoredServer) {
  return secretColumns.flatMap((column) => {
    const stored = openMap(ctx.secrets, row, column);
    const names = Object.entries(kept[column] ?? {}).flatMap(([name, value]) =>
      value === secretMask && !Object.hasOwn(stored, name) ? [name] : [],
    );
    return names.length === 0
      ? []
      : [{ field: column, why: say('goneSecrets', { field: column, names: names.join(', ') }) }];
  });
}

async function goneReferences(ctx: Ctx, { app, graph }: StoredServer): Promise<{ field: string; why: Reason }[]> {
  return [
    ...(app != null && (await findApp(ctx.db, app))?.id !== app ? [{ field: 'app', why: say('goneApp') }] : []),
    ...(graph != null && (await findGraph(ctx.db, graph))?.id !== graph
      ? [{ field: 'graph', why: say('goneGraph') }]
      : []),
  ];
}

/** Makes what is changed about the items of a server this and nothing else. */
export async function restoreItems(ctx: VerbCtx, serverId: string, items: StoredServer['items']): Promise<void> {
  const { serverItems } = tables;
  const updatedAt = new Date(ctx.clock.now());
  const rows = Object.entries(items).flatMap(([type, named]) =>
    Object.entries(named ?? {}).map(([name, { enabled, description, callsPerMinute }]) => ({
      serverId,
      type: ItemType.parse(type),
      name,
      enabled,
      description: description ?? null,
      callsPerMinute: callsPerMinute ?? null,
      updatedAt,
    })),
  );
  await ctx.db.delete(serverItems).where(eq(serverItems.serverId, serverId));
  if (rows.length > 0) await ctx.db.insert(serverItems).values(rows);
}

/**
 * Restores a version of a server. Secrets stay as they are now, because a version has none, and the server stays on or
 * off. A caller who may not see its secrets has to give them again where the version sends them elsewhere.
 */
export const restoreServer = verb(
  { name: 'server.configure', access: 'write', input: RestoreServer },
  async (ctx, { id, number }): Promise<Server> => {
    const found = await requireConfigurable(ctx, id);
    const was = await stateOf(ctx, found.id);
    const { snapshot } = await requireVersion(ctx, versionedServer(found), number);
    const kept = KeptServer.parse(snapshot);
    requireReferences(number, [...(await goneReferences(ctx, kept)), ...goneSecrets(ctx, found, kept)]);
    const { row, changed } = await changeServer(ctx, { id: found.id, patch: patchOf(kept) });
    await restoreItems(ctx, row.id, kept.items);
    await keepVersion(ctx, row.id, { was, restored: number });
    ctx.audit({ id: row.id, details: { changed, restored: number } });
    ctx.emit({ type: 'server.changed', id: row.id });
    return toServer(ctx, row);
  },
);
