import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { reservedNames } from '../reserved-names.ts';
import { findClaim } from '../servers/queries.ts';
import type { Server } from '../servers/schema.ts';
import { createServer } from '../servers/verbs.ts';
import { randomSlug, slugify } from '../slug.ts';
import { verb } from '../verb.ts';
import { requireApp } from './queries.ts';
import type { AppRow } from './rows.ts';
import { ShowApp } from './schema.ts';

/** A free slug: that of the product, else with its category, else with letters of chance. */
async function freeSlug(ctx: Ctx, { category, name }: AppRow): Promise<string> {
  const wanted = [slugify(name), slugify(`${category}-${name}`)].filter(
    (slug) => slug !== '' && !reservedNames.has(slug.toLowerCase()),
  );
  for (const slug of wanted) if (!(await findClaim(ctx.db, slug))) return slug;
  return randomSlug(wanted[0] ?? 'app');
}

/** Makes a server of the app, which is the actor's: groups, limits, records and the playground hold for it as for any other. */
export const showApp = verb(
  { name: 'app.use', access: 'write', input: ShowApp },
  async (ctx, { id, visibility }): Promise<Server> => {
    const app = await requireApp(ctx, id, 'app.use');
    const [shown] = await ctx.db
      .select({ id: tables.servers.id })
      .from(tables.servers)
      .where(eq(tables.servers.app, app.id));
    if (shown)
      throw new DomainError('conflict', say('appShown', { server: shown.id }), { conflictingResourceId: shown.id });
    ctx.audit({ id: app.id, details: { shown: true } });
    return await createServer(ctx, {
      id: await freeSlug(ctx, app),
      name: app.displayName.split(/[\r\n]/, 1)[0]?.slice(0, 128) || app.name,
      description: app.description.slice(0, 1_000),
      kind: 'app',
      app: app.id,
      ...(visibility !== undefined && { visibility }),
    });
  },
);
