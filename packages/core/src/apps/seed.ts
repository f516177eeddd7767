import { sql } from 'drizzle-orm';
import { promptDefaults } from '@switchboard/agents/simulator';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { newId } from '../secrets.ts';
import { storableJson } from '../storable.ts';
import { catalogue } from './catalogue/catalogue.ts';
import { CreateApp, demoToken } from './schema.ts';
import { hashOfToken } from './tokens.ts';

const { apps, appGrants, appPrompts, appTokens, settings } = tables;
const seededKey = 'simulatorSeeded';

/**
 * Gives a hub what the simulator begins with: the templates that it lacks, and once, where there is no app yet, the
 * catalogue. With `demo` everybody gets a public token for these apps; without, that token is taken away.
 */
export async function seedSimulator(ctx: Ctx, { demo }: { demo: boolean }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    // Two hubs that start at once on one database seed it once.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('switchboard.simulator.seed'))`);
    const inner = { ...ctx, db: tx };
    await seedPrompts(inner);
    await seedApps(inner);
    await seedDemoToken(inner, demo);
  });
  await ctx.simulator.load();
}

async function seedPrompts(ctx: Ctx): Promise<void> {
  const rows = Object.values(promptDefaults).map(({ name, displayName, description, body, variables }) => ({
    name,
    displayName,
    description,
    template: body,
    variables: [...variables],
  }));
  await ctx.db.insert(appPrompts).values(rows).onConflictDoNothing({ target: appPrompts.name });
}

async function seedApps(ctx: Ctx): Promise<void> {
  const made = await ctx.db.insert(settings).values({ key: seededKey, value: true }).onConflictDoNothing().returning();
  if (made.length === 0 || (await ctx.db.$count(apps)) > 0) return;
  const rows = catalogue.map((app) => ({
    ...storableJson(CreateApp.parse(app)),
    id: newId(),
    visibility: 'everyone' as const,
  }));
  if (rows.length > 0) await ctx.db.insert(apps).values(rows as (typeof apps.$inferInsert)[]);
}

async function seedDemoToken(ctx: Ctx, demo: boolean): Promise<void> {
  const hash = hashOfToken(demoToken);
  if (!demo) {
    await ctx.db.delete(appTokens).where(sql`${appTokens.hash} = ${hash}`);
    return;
  }
  const [token] = await ctx.db
    .insert(appTokens)
    .values({ id: newId(), hash, shown: demoToken, description: '演示Token' })
    .onConflictDoNothing({ target: appTokens.hash })
    .returning();
  if (!token) return;
  const named = new Set(catalogue.map(({ category, name }) => `${category}/${name}`));
  const all = await ctx.db.select({ id: apps.id, category: apps.category, name: apps.name }).from(apps);
  const granted = all.filter(({ category, name }) => named.has(`${category}/${name}`));
  if (granted.length > 0)
    await ctx.db.insert(appGrants).values(granted.map(({ id: appId }) => ({ tokenId: token.id, appId })));
}
