import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { toolVerdicts } from '@switchboard/db/words';
import { requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { requireUsable } from '../servers/queries.ts';
import { storable } from '../storable.ts';
import { verb } from '../verb.ts';
import { ListToolRules, SetToolRule, type ToolRule } from './schema.ts';

const { toolRules } = tables;

export type Verdict = (typeof toolVerdicts)[number];
type RuleRow = typeof toolRules.$inferSelect;

/** The groups whose rules count for the actor. */
function groupsOf(ctx: Ctx): string[] {
  const subject = ctx.access.directory.subjectOf(ctx.actor);
  return subject.type === 'person' ? [...subject.groups.keys()] : [];
}

function isOwn(ctx: Ctx) {
  const userId = userIdOf(ctx.actor);
  return and(eq(toolRules.scope, 'person'), userId === null ? isNull(toolRules.userId) : eq(toolRules.userId, userId));
}

const strictness: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 };

function strictest(rows: readonly RuleRow[]): Verdict | null {
  return rows.reduce<Verdict | null>(
    (most, { verdict }) => (most === null || strictness[verdict] > strictness[most] ? verdict : most),
    null,
  );
}

/**
 * The verdict of the rules about a call in a conversation; null where no rule applies. A person cannot relax what a
 * group asks or forbids, and a conversation cannot relax what a person forbids.
 */
export async function verdictOf(
  ctx: Ctx,
  { serverId, tool, conversationId }: { serverId: string; tool: string; conversationId: string | null },
): Promise<Verdict | null> {
  const groups = groupsOf(ctx);
  const rows = await ctx.db
    .select()
    .from(toolRules)
    .where(
      and(
        eq(toolRules.serverId, serverId),
        eq(toolRules.tool, tool),
        or(
          isOwn(ctx),
          conversationId === null ? undefined : eq(toolRules.conversationId, conversationId),
          groups.length === 0 ? undefined : inArray(toolRules.groupId, groups),
        ),
      ),
    );
  const ofGroups = strictest(rows.filter(({ scope }) => scope === 'group'));
  if (ofGroups === 'deny' || ofGroups === 'ask') return ofGroups;
  const own = strictest(rows.filter(({ scope }) => scope === 'person'));
  if (own === 'deny') return own;
  return strictest(rows.filter(({ scope }) => scope === 'conversation')) ?? own ?? ofGroups;
}

type Place = Pick<RuleRow, 'serverId' | 'tool' | 'scope' | 'userId' | 'conversationId' | 'groupId'>;

function isAt({ serverId, tool, scope, userId, conversationId, groupId }: Place) {
  return and(
    eq(toolRules.serverId, serverId),
    eq(toolRules.tool, tool),
    eq(toolRules.scope, scope),
    userId === null ? isNull(toolRules.userId) : eq(toolRules.userId, userId),
    conversationId === null ? isNull(toolRules.conversationId) : eq(toolRules.conversationId, conversationId),
    groupId === null ? isNull(toolRules.groupId) : eq(toolRules.groupId, groupId),
  );
}

async function write(db: Db, place: Place, verdict: Verdict | null, createdAt: Date): Promise<void> {
  await db.delete(toolRules).where(isAt(place));
  if (verdict !== null)
    await db
      .insert(toolRules)
      .values({ id: newId(), ...place, verdict, createdAt })
      .onConflictDoNothing();
}

/** Keeps what a person said to a question: for the conversation, or always. */
export async function remember(
  ctx: Ctx,
  at: { serverId: string; tool: string; conversationId: string },
  remembered: 'conversation' | 'always',
): Promise<void> {
  const { conversationId, ...rest } = at;
  const place: Place =
    remembered === 'conversation'
      ? { ...rest, scope: 'conversation', userId: null, conversationId, groupId: null }
      : { ...rest, scope: 'person', userId: userIdOf(ctx.actor), conversationId: null, groupId: null };
  await write(ctx.db, place, 'allow', new Date(ctx.clock.now()));
}

function toRule({ id, serverId, tool, scope, groupId, conversationId, verdict, createdAt }: RuleRow): ToolRule {
  return { id, serverId, tool, scope, groupId, conversationId, verdict, createdAt };
}

/** The actor's own rules and those of its groups; of a conversation, its own too. */
export const listToolRules = verb(
  { name: 'conversation.read', access: 'read', input: ListToolRules },
  async (ctx, { groupId }): Promise<ToolRule[]> => {
    if (groupId !== undefined)
      requireRight(ctx, 'group.read', { type: 'group', id: groupId }, () => absentGroup(groupId));
    const where = groupId === undefined ? isOwn(ctx) : eq(toolRules.groupId, groupId);
    const rows = await ctx.db.select().from(toolRules).where(where).orderBy(toolRules.serverId, toolRules.tool);
    return rows.map(toRule);
  },
);

function absentGroup(group: string) {
  return invalidField('groupId', say('groupNotSeen', { group }));
}

/** Says what models may do with a tool: for the actor itself, or for the members of a group that it manages. */
export const setToolRule = verb(
  { name: 'conversation.write', access: 'write', input: SetToolRule },
  async (ctx, { server, tool, groupId, verdict }): Promise<{ serverId: string; tool: string }> => {
    // A person who lost access to a server can still remove its own rule.
    const serverId = verdict === null ? server : (await requireUsable(ctx, server)).id;
    if (groupId !== undefined) {
      requireRight(ctx, 'group.update-server', { type: 'group', id: groupId }, () => absentGroup(groupId));
    }
    const name = storable(tool, 512);
    const place: Place =
      groupId === undefined
        ? { serverId, tool: name, scope: 'person', userId: userIdOf(ctx.actor), conversationId: null, groupId: null }
        : { serverId, tool: name, scope: 'group', userId: null, conversationId: null, groupId };
    await write(ctx.db, place, verdict, new Date(ctx.clock.now()));
    ctx.audit({ id: `${serverId}/${name}`, details: { group: groupId ?? null, verdict } });
    return { serverId, tool: name };
  },
);
