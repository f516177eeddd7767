import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { reservedNames } from '../reserved-names.ts';
import { randomSlug, slugify } from '../slug.ts';
import { findClaim, serverResource } from './queries.ts';
import { removeServer } from './verbs.ts';

const { servers } = tables;

/** Something of the hub that a server shows. */
export type Shown = { app: string } | { graph: string };

function isOf(shown: Shown) {
  return 'app' in shown ? eq(servers.app, shown.app) : eq(servers.graph, shown.graph);
}

/** Ids of the servers that show it. */
export async function serversOf({ db }: Pick<Ctx, 'db'>, shown: Shown): Promise<string[]> {
  const rows = await db.select({ id: servers.id }).from(servers).where(isOf(shown));
  return rows.map(({ id }) => id);
}

/** The server that shows it, where the actor sees one: one that is hidden from it is nothing to it. */
export async function seenShowing(ctx: Ctx, shown: Shown): Promise<string | null> {
  const rows = await ctx.db.select().from(servers).where(isOf(shown));
  return rows.find((row) => may(ctx, 'server.read', serverResource(row)))?.id ?? null;
}

/** Removes servers that showed a removed object: the right to remove that object is enough, whoever made the server. */
export async function removeShowing(ctx: Ctx, ids: readonly string[], job: string): Promise<void> {
  const hub: Ctx = { ...ctx, actor: { type: 'system', job } };
  for (const id of ids) await removeServer(hub, { id });
}

/** The first of these names whose slug is free, else the first with letters of chance. */
export async function freeSlug({ db }: Pick<Ctx, 'db'>, names: readonly string[], otherwise: string): Promise<string> {
  const wanted = names.map(slugify).filter((slug) => slug !== '' && !reservedNames.has(slug.toLowerCase()));
  for (const slug of wanted) if (!(await findClaim(db, slug))) return slug;
  return randomSlug(wanted[0] ?? otherwise);
}

/** A name that a server may have. */
export function serverNameOf(text: string): string {
  return text.split(/[\r\n]/, 1)[0]?.slice(0, 128) ?? '';
}
