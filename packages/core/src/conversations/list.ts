import { arrayContains, eq, inArray, isNull, ne, or, sql, and, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import { tables, type Db } from '@switchboard/db';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { ownHolder } from './holder.ts';
import { anywhere, listHeld, listShared } from './queries.ts';
import type { ConversationRow } from './rows.ts';
import type { ConversationItem, ListConversations } from './schema.ts';
import { toItem } from './view.ts';

const { agentRuns, agentSteps, conversations } = tables;
const mostListed = 500;

function says(words: string): SQL | undefined {
  const pattern = anywhere(words);
  const inRounds = sql`exists (select 1 from ${agentRuns} r where r.conversation_id = ${conversations.id} and (
    r.input->>'content' ilike ${pattern} or exists (
      select 1 from ${agentSteps} s where s.run_id = r.id and s.kind = 'turn'
        and s.output->'message'->>'content' ilike ${pattern})))`;
  return or(
    sql`${conversations.title} ilike ${pattern}`,
    sql`array_to_string(${conversations.tags}, ' ') ilike ${pattern}`,
    inRounds,
  );
}

/** Conversations that are answered at the moment, among these. */
export async function answeredAmong(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const open = await db
    .selectDistinct({ id: agentRuns.conversationId })
    .from(agentRuns)
    .where(and(isNull(agentRuns.endedAt), inArray(agentRuns.conversationId, [...ids])));
  return new Set(open.flatMap(({ id }) => id ?? []));
}

async function found(ctx: Ctx, wanted: z.output<typeof ListConversations>): Promise<ConversationRow[]> {
  const { status, archived, tag, search, shared } = wanted;
  if (shared) {
    const subject = ctx.access.directory.subjectOf(ctx.actor);
    const groups = subject.type === 'person' ? [...subject.groups.keys()] : [];
    return listShared(ctx.db, userIdOf(ctx.actor), groups, mostListed);
  }
  const more = and(
    eq(conversations.kind, 'chat'),
    status === undefined ? ne(conversations.status, 'deleted') : eq(conversations.status, status),
    eq(conversations.archived, archived),
    tag === undefined ? undefined : arrayContains(conversations.tags, [tag]),
    search === undefined || search === '' ? undefined : says(search),
  );
  return listHeld(ctx.db, ownHolder(ctx), mostListed, more);
}

export async function listItems(ctx: Ctx, wanted: z.output<typeof ListConversations>): Promise<ConversationItem[]> {
  const rows = await found(ctx, wanted);
  const answered = await answeredAmong(
    ctx.db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => toItem(row, answered.has(row.id)));
}
