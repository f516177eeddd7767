import { arrayOverlaps, eq, notInArray, sql } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { VerbCtx } from '../verb.ts';

/**
 * Removes the id of a deleted server or group from the bounds of all keys: a later object with this id is not the one
 * that a key was made for. A bound without another name is left empty, and allows nothing.
 */
export async function forgetInKeys(ctx: Pick<VerbCtx, 'db' | 'emit'>, id: string): Promise<void> {
  await forgetInGrants(ctx, id);
  const { db } = ctx;
  const { servers, groups, endpoints, tools } = tables.apiKeys;
  const isOther = sql`not starts_with(tool, ${`${id}/`})`;
  const others = sql`array(select tool from unnest(${tools}) with ordinality as named(tool, place) where ${isOther} order by place)`;
  const changed = await db
    .update(tables.apiKeys)
    .set({
      servers: sql`array_remove(${servers}, ${id})`,
      groups: sql`array_remove(${groups}, ${id})`,
      endpoints: sql`array_remove(${endpoints}, ${id})`,
      tools: sql`case when ${tools} is null then null else ${others} end`,
    })
    .where(
      sql`${id} = any(${servers}) or ${id} = any(${groups}) or ${id} = any(${endpoints})
        or exists (select 1 from unnest(${tools}) as named(tool) where starts_with(tool, ${`${id}/`}))`,
    )
    .returning({ id: tables.apiKeys.id });
  for (const key of changed) ctx.emit({ type: 'key.changed', id: key.id });
}

/** A grant for the endpoint of what is gone ends with it. */
async function forgetInGrants({ db, emit }: Pick<VerbCtx, 'db' | 'emit'>, id: string): Promise<void> {
  const { endpoint, servers, tools, id: grantId, userId } = tables.oauthGrants;
  const ended = await db.delete(tables.oauthGrants).where(eq(endpoint, id)).returning({ id: grantId, userId });
  for (const grant of ended) emit({ type: 'grant.changed', ...grant });
  const others = sql`array(select tool from unnest(${tools}) as named(tool) where not starts_with(tool, ${`${id}/`}))`;
  const narrowed = await db
    .update(tables.oauthGrants)
    .set({
      servers: sql`array_remove(${servers}, ${id})`,
      tools: sql`case when ${tools} is null then null else ${others} end`,
    })
    .where(
      sql`${id} = any(${servers}) or exists (select 1 from unnest(${tools}) as named(tool) where starts_with(tool, ${`${id}/`}))`,
    )
    .returning({ id: grantId, userId });
  for (const grant of narrowed) emit({ type: 'grant.changed', ...grant });
}

/** The same for references to what is removed from an engine; the keys are known to be others at once. */
export async function forgetReferences(ctx: VerbCtx, references: readonly string[]): Promise<void> {
  if (references.length === 0) return;
  const { id, resources } = tables.apiKeys;
  const isOther = notInArray(sql`reference`, [...references]);
  const others = sql`array(select reference from unnest(${resources}) with ordinality as named(reference, place) where ${isOther} order by place)`;
  const changed = await ctx.db
    .update(tables.apiKeys)
    .set({ resources: others })
    .where(arrayOverlaps(resources, [...references]))
    .returning({ id });
  for (const key of changed) ctx.emit({ type: 'key.changed', id: key.id });
}
