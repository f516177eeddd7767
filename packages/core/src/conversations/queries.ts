import { and, desc, eq, getTableColumns, isNull, or, sql, type SQL } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Action } from '../access/actions.ts';
import { requireRight } from '../access/require.ts';
import type { ConversationResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { ConversationSight } from '../events.ts';
import { say } from '../reasons.ts';
import type { ConversationRow } from './rows.ts';

const { conversationGroups, conversations, generations } = tables;

const columns = {
  ...getTableColumns(conversations),
  groups: sql<string[]>`coalesce((select array_agg(${conversationGroups.groupId} order by ${conversationGroups.groupId})
    from ${conversationGroups} where ${conversationGroups.conversationId} = ${conversations.id}), '{}')`,
  makes: sql<ConversationRow['makes']>`(select ${generations.type} from ${generations}
    where ${generations.conversationId} = ${conversations.id})`,
};

/** Text to look for as it is, in the words of LIKE. */
export function anywhere(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** The holder of conversations: a person, or a name under which conversations were begun without an account. */
export interface Holder {
  ownerId: string | null;
  space: string;
}

export function sightOf({ ownerId, visibility, groups }: ConversationRow): ConversationSight {
  return { owner: ownerId, visibility, groups };
}

export function conversationResource(row: ConversationRow): ConversationResource {
  return { type: 'conversation', ...sightOf(row) };
}

export function absentConversation(id: string): DomainError {
  return new DomainError('not_found', say('noConversation', { id }), { value: id });
}

export function isHeldBy({ ownerId, space }: Holder): SQL | undefined {
  const isOwners = ownerId === null ? isNull(conversations.ownerId) : eq(conversations.ownerId, ownerId);
  return and(isOwners, eq(conversations.space, space));
}

/** Finds the conversation to which a holder gave this id. */
export async function findCalled(db: Db, holder: Holder, externalId: string): Promise<ConversationRow | null> {
  const [row] = await db
    .select(columns)
    .from(conversations)
    .where(and(isHeldBy(holder), eq(conversations.externalId, externalId)));
  return row ?? null;
}

export async function findConversation(db: Db, id: string): Promise<ConversationRow | null> {
  const [row] = await db.select(columns).from(conversations).where(eq(conversations.id, id));
  return row ?? null;
}

/** Those that a holder has, what was spoken in last first. */
export function listHeld(db: Db, holder: Holder, most: number, more?: SQL): Promise<ConversationRow[]> {
  return db
    .select(columns)
    .from(conversations)
    .where(and(isHeldBy(holder), more))
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(most);
}

/** Those of others that are open to somebody of these groups. */
export function listShared(db: Db, userId: string | null, groups: readonly string[], most: number) {
  const isMembers = sql`exists (select 1 from ${conversationGroups} where ${conversationGroups.conversationId} =
    ${conversations.id} and ${conversationGroups.groupId} = any(${sql.param([...groups])}))`;
  const isOthers = userId === null ? undefined : sql`${conversations.ownerId} is distinct from ${userId}`;
  const isOpen = or(
    eq(conversations.visibility, 'everyone'),
    groups.length === 0 ? undefined : and(eq(conversations.visibility, 'group'), isMembers),
  );
  return db
    .select(columns)
    .from(conversations)
    .where(and(isOthers, isOpen, eq(conversations.status, 'active'), eq(conversations.kind, 'chat')))
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(most);
}

/** Those of other people; words are looked for in titles and tags. */
export function listOfOthers(
  db: Db,
  { not, owner, words }: { not: string | null; owner: string | null; words: string },
  most: number,
): Promise<ConversationRow[]> {
  const pattern = anywhere(words);
  const isNamed = sql`(${conversations.title} ilike ${pattern}
    or array_to_string(${conversations.tags}, ' ') ilike ${pattern})`;
  return db
    .select(columns)
    .from(conversations)
    .where(
      and(
        eq(conversations.kind, 'chat'),
        not === null ? undefined : sql`${conversations.ownerId} is distinct from ${not}`,
        owner === null ? undefined : eq(conversations.ownerId, owner),
        words === '' ? undefined : isNamed,
      ),
    )
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(most);
}

/** The conversation, where the actor may do this with it; absent where it sees none of that id. */
export async function requireConversation(
  ctx: Ctx,
  id: string,
  action: Action = 'conversation.read',
): Promise<ConversationRow> {
  const row = await findConversation(ctx.db, id);
  if (!row) throw absentConversation(id);
  requireRight(ctx, action, conversationResource(row), () => absentConversation(id));
  return row;
}

/** Takes the row until the transaction ends, so that two changes of one conversation follow each other. */
export async function lockConversation(db: Db, id: string): Promise<ConversationRow> {
  await db.select({ id: conversations.id }).from(conversations).where(eq(conversations.id, id)).for('update');
  const row = await findConversation(db, id);
  if (!row) throw absentConversation(id);
  return row;
}
