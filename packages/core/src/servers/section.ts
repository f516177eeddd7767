import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { findApp } from '../apps/queries.ts';
import { namesOf, ownerOf } from '../config-file/people.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { findByKey } from '../graphs/queries.ts';
import { say } from '../reasons.ts';
import { parseInput, type VerbCtx } from '../verb.ts';
import { beginVersions, keepVersion, stateOf, describeState, type ServerState } from './describe.ts';
import { requireCreate, requireShown, rowOf } from './draft.ts';
import { KeptServer, patchOf, restoreItems } from './history.ts';
import { ItemName, ItemType, others, SetItem } from './items-schema.ts';
import { lockNames, requireNameFree } from './names.ts';
import { placeholdersOf } from './placeholders.ts';
import { loadServers } from './queries.ts';
import { CreateServer, secretMask, Slug } from './schema.ts';
import { changeServer } from './update.ts';
import { insertServer } from './verbs.ts';

const { apps, graphs, servers } = tables;

const { description, callsPerMinute } = SetItem.shape;
const FileItem = z.strictObject({
  enabled: z.boolean(),
  description: description.unwrap().unwrap().optional(),
  callsPerMinute: callsPerMinute.unwrap().unwrap().optional(),
});
/** The items of a file are checked like items that a caller sets; versions can be of an older release. */
const Items = z.partialRecord(ItemType, z.record(z.union([z.literal(others), ItemName]), FileItem)).default({});

const Entry = z.strictObject({
  ...KeptServer.shape,
  items: Items,
  kind: KeptServer.shape.kind.unwrap(),
  owner: z.string().max(128).optional(),
});

/** A text in which secrets are `***`, where an export writes placeholders. */
function masked(text: string, withPlaceholders: string): string {
  if (text === withPlaceholders) return text;
  return withPlaceholders.replace(/\$\{\w+\}/g, (name) => (text.includes(name) ? name : secretMask));
}

/** An address as `masked`; the user and the fragment, which no export has, are `***`. */
function maskedUrl(url: string, withPlaceholders: string): string {
  const text = masked(url, withPlaceholders);
  const [authority = ''] = url.slice(url.indexOf('://') + 3).split(/[/?#]/, 1);
  const withUser = authority.includes('@') ? text.replace('://', () => `://${secretMask}@`) : text;
  return url.includes('#') ? `${withUser}#${secretMask}` : withUser;
}

interface Names {
  people: ReadonlyMap<string, string>;
  apps: ReadonlyMap<string, string>;
  graphs: ReadonlyMap<string, string>;
}

async function loadKnown({ db }: Pick<Ctx, 'db'>): Promise<Names> {
  const products = await db.select({ id: apps.id, category: apps.category, name: apps.name }).from(apps);
  const named = await db.select({ id: graphs.id, name: graphs.name }).from(graphs);
  return {
    people: await namesOf(db),
    apps: new Map(products.map(({ id, category, name }) => [id, `${category}/${name}`])),
    graphs: new Map(named.map(({ id, name }) => [id, name])),
  };
}

function told(ctx: Ctx, state: ServerState, names: Names): FileEntry {
  const { row } = state;
  const { app, graph, args, url, ...own } = describeState(ctx, state);
  const shown = placeholdersOf(row.id);
  const shownArgs = shown.args(row.args);
  const owner = names.people.get(row.createdBy ?? '');
  return {
    ...own,
    ...(url !== undefined && row.url !== null && { url: maskedUrl(row.url, shown.url(row.url)) }),
    ...(args !== undefined && { args: row.args.map((arg, at) => masked(arg, shownArgs[at] ?? secretMask)) }),
    ...(typeof app === 'string' && { app: names.apps.get(app) ?? app }),
    ...(typeof graph === 'string' && { graph: names.graphs.get(graph) ?? graph }),
    desired: row.desired,
    ...(owner !== undefined && { owner }),
  };
}

async function shownIn(ctx: Ctx, { app, graph }: z.output<typeof Entry>) {
  const product = app == null ? null : await findApp(ctx.db, app);
  if (app != null && !product) throw invalidField('app', say('noApp', { app }));
  const run = graph == null ? null : await findByKey(ctx.db, graph);
  if (graph != null && !run) throw invalidField('graph', say('noGraph', { name: graph }));
  return { app: product?.id ?? null, graph: run?.id ?? null };
}

async function write(ctx: VerbCtx, id: string, entry: FileEntry, before: FileEntry | null): Promise<void> {
  const owner = await ownerOf(ctx, entry, before);
  const given = parseInput(Entry, entry);
  const { owner: _owner, ...kept } = { ...given, ...(await shownIn(ctx, given)) };
  const was = before ? await stateOf(ctx, id) : null;
  if (was) {
    const { args, url, ...patch } = patchOf(kept);
    // A field that was not changed in the file stays as it is stored, with the parts that the file does not show.
    function isKept(field: 'args' | 'url') {
      return isDeepStrictEqual(given[field], before?.[field]);
    }
    const places = { ...(!isKept('args') && { args }), ...(!isKept('url') && { url }) };
    const { changed } = await changeServer(ctx, { id, patch: { ...patch, ...places } });
    if (was.row.createdBy !== owner) {
      await lockNames(ctx);
      await requireNameFree(ctx, { ...was.row, name: kept.name ?? id, createdBy: owner }, 'owned');
      await ctx.db.update(servers).set({ createdBy: owner }).where(eq(servers.id, id));
    }
    await restoreItems(ctx, id, kept.items);
    if (was.row.createdBy === owner) await keepVersion(ctx, id, { was });
    else await beginVersions(ctx, id);
    ctx.audit({ id, details: { changed } });
    ctx.emit({ type: 'server.changed', id });
    return;
  }
  const { items, ...fields } = kept;
  const draft = parseInput(CreateServer, { ...fields, id: parseInput(Slug, id) });
  requireCreate(ctx, draft);
  await requireShown(ctx, draft);
  const row = await insertServer(ctx, { ...rowOf(ctx, draft), createdBy: owner });
  await restoreItems(ctx, row.id, items);
  await keepVersion(ctx, row.id);
}

/** The servers of a file, by id, with their changed items; generated tools have to be reviewed again on each hub. */
export const serversInFile: Section = {
  name: 'servers',
  tables: ['servers', 'server_items', 'slugs'],
  rights: { read: 'server.read', write: 'server.create' },
  entry: Entry,
  secrets: ['*.env.*', '*.headers.*', '*.secrets.*'],
  partlySecret: ['*.url', '*.args'],
  literal: ['url', 'args'],
  async read(ctx) {
    const names = await loadKnown(ctx);
    const rows = (await loadServers(ctx.db)).filter(({ kind }) => kind !== 'generated');
    const found = new Map<string, FileEntry>();
    for (const { id } of rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
      const state = await stateOf(ctx, id);
      if (state) found.set(id, told(ctx, state, names));
    }
    return found;
  },
  // A graph may use other servers, so the servers that are graphs are written after the graphs.
  async write(ctx, id, entry, before) {
    if (entry['kind'] !== 'graph') await write(ctx, id, entry, before);
  },
  async finish(ctx, id, entry, before) {
    if (entry['kind'] === 'graph') await write(ctx, id, entry, before);
  },
};
