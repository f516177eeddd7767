import { and, eq, sql } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { storable, storableJson } from '../storable.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { requireIdle } from './begin.ts';
import { exampleOf } from './example.ts';
import { listItems } from './list.ts';
import { loadRounds, settingsOf } from './messages.ts';
import { lockConversation, requireConversation, sightOf } from './queries.ts';
import type { ConversationRow } from './rows.ts';
import {
  ByConversation,
  ChosenTools,
  GetConversation,
  ListConversations,
  SelectRound,
  ShareConversation,
  UpdateConversation,
  type Conversation,
  type ConversationItem,
  type PreviewedTool,
} from './schema.ts';
import { openTools } from './tools.ts';
import { loadTree } from './tree.ts';
import { toConversation } from './view.ts';

const { agentRuns, conversationGroups, conversations } = tables;

/** The actor's own, or those that others opened to it; what was spoken in last first. */
export const listConversations = verb(
  { name: 'conversation.read', access: 'read', input: ListConversations },
  (ctx, input): Promise<ConversationItem[]> => listItems(ctx, input),
);

/** The last rounds of the branch that is shown, or those before one. */
export const getConversation = verb(
  { name: 'conversation.read', access: 'read', input: GetConversation },
  async (ctx, { id, before, rounds }): Promise<Conversation> => {
    const row = await requireConversation(ctx, id);
    return view(ctx, row, { before, rounds });
  },
);

const usualRounds = 50;
const longestDescription = 1_000;

/** A conversation on the branch that is shown, whoever the actor is. */
export async function view(
  ctx: Ctx,
  row: ConversationRow,
  { before, rounds = usualRounds }: { before?: string | undefined; rounds?: number } = {},
): Promise<Conversation> {
  const tree = await loadTree(ctx.db, row.id);
  // A run of a graph shows its messages with its nodes.
  const path = row.kind === 'graph' ? [] : tree.pathTo(row.headId);
  const end = before === undefined ? path.length : path.indexOf(before);
  if (end === -1) throw new DomainError('not_found', say('noRound', { id: before ?? '' }));
  const shown = path.slice(Math.max(0, end - rounds), end);
  const loaded = await loadRounds(ctx.db, shown);
  const last = loaded.at(-1)?.run;
  const besides = last?.id === row.headId ? (settingsOf(last).beside ?? []) : [];
  const beside = await loadRounds(
    ctx.db,
    besides.filter((each) => tree.has(each)),
  );
  return toConversation(ctx, row, { tree, path, rounds: loaded, beside });
}

function changed(ctx: VerbCtx, before: ConversationRow, after = before): void {
  ctx.emit({ type: 'conversation.changed', id: before.id, sights: [sightOf(before), sightOf(after)] });
}

/** The tools that a choice offers to a model, and their cost in tokens. */
export const previewTools = verb(
  { name: 'server.use', access: 'read', input: ChosenTools },
  async (ctx, chosen): Promise<PreviewedTool[]> => {
    const { all } = await openTools(ctx, chosen);
    return all.map(({ name, title, readOnly, item }) => {
      const { description, inputSchema } = item.definition;
      const text = typeof description === 'string' ? description.slice(0, longestDescription).toWellFormed() : '';
      return {
        server: item.serverId,
        tool: item.name,
        name,
        title,
        description: text,
        readOnly,
        tokens: item.tokens,
        example: exampleOf(inputSchema),
      };
    });
  },
);

/** Changes what is given; a title that a person gives stays. */
export const updateConversation = verb(
  { name: 'conversation.write', access: 'write', input: UpdateConversation },
  async (ctx, { id, patch }): Promise<Conversation> => {
    await requireConversation(ctx, id, 'conversation.write');
    const before = await lockConversation(ctx.db, id);
    const { title, tags, settings, status, archived } = patch;
    const next: Partial<ConversationRow> = {
      ...(status !== undefined && { status }),
      ...(archived !== undefined && { archived }),
      ...(title !== undefined && { title: storable(title, 100), titledBy: 'person' as const }),
      ...(tags !== undefined && { tags: [...new Set(tags)] }),
      ...(settings !== undefined && { settings: storableJson(settings) }),
    };
    if (Object.keys(next).length > 0) await ctx.db.update(conversations).set(next).where(eq(conversations.id, id));
    ctx.audit({ id, details: { changed: Object.keys(patch) } });
    changed(ctx, before);
    return view(ctx, { ...before, ...next });
  },
);

/** Says who else may read it. */
export const shareConversation = verb(
  { name: 'conversation.share', access: 'write', input: ShareConversation },
  async (ctx, { id, visibility, groups }): Promise<Conversation> => {
    await requireConversation(ctx, id, 'conversation.share');
    const before = await lockConversation(ctx.db, id);
    const given = visibility === 'group' ? [...new Set(groups)] : [];
    for (const group of given) {
      const absent = invalidField('groups', say('groupNotSeen', { group }));
      if (!ctx.access.directory.group(group)) throw absent;
      requireRight(ctx, 'group.read', { type: 'group', id: group }, () => absent);
    }
    await ctx.db.update(conversations).set({ visibility }).where(eq(conversations.id, id));
    await ctx.db.delete(conversationGroups).where(eq(conversationGroups.conversationId, id));
    if (given.length > 0) {
      await ctx.db.insert(conversationGroups).values(given.map((groupId) => ({ conversationId: id, groupId })));
    }
    ctx.audit({ id, details: { visibility, groups: given } });
    const after = { ...before, visibility, groups: given.toSorted() };
    changed(ctx, before, after);
    return view(ctx, after);
  },
);

/** Removes a conversation for good, with all messages; a running round is cancelled. */
export const removeConversation = verb(
  { name: 'conversation.remove', access: 'write', input: ByConversation },
  async (ctx, { id }): Promise<{ id: string; externalId: string }> => {
    const found = await requireConversation(ctx, id, 'conversation.remove');
    await ctx.db
      .update(agentRuns)
      .set({ cancelAt: new Date(ctx.clock.now()) })
      .where(and(eq(agentRuns.conversationId, id), sql`${agentRuns.endedAt} is null`));
    await ctx.db.delete(conversations).where(eq(conversations.id, id));
    ctx.audit({ id, details: { title: found.title, rounds: found.rounds } });
    changed(ctx, found);
    ctx.afterwards(() => {
      ctx.runs.lose({ type: 'conversation', subject: id }, say('conversationRemoved'));
      return Promise.resolve();
    });
    return { id, externalId: found.externalId };
  },
);

/** Shows the branch that a round is on. */
export const selectRound = verb(
  { name: 'conversation.write', access: 'write', input: SelectRound },
  async (ctx, { id, runId }): Promise<Conversation> => {
    await requireConversation(ctx, id, 'conversation.write');
    const row = await lockConversation(ctx.db, id);
    await requireIdle(ctx.db, id);
    const tree = await loadTree(ctx.db, id);
    if (!tree.has(runId)) throw new DomainError('not_found', say('noRound', { id: runId }));
    const headId = tree.endFrom(runId);
    const next = { headId, rounds: tree.pathTo(headId).length };
    await ctx.db.update(conversations).set(next).where(eq(conversations.id, id));
    changed(ctx, row);
    return view(ctx, { ...row, ...next });
  },
);
