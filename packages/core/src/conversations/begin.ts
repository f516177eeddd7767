import { and, eq, isNull } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { beginRun } from '../journal/write.ts';
import { requireModel } from '../models/queries.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { storable, storableJson } from '../storable.ts';
import { requireAttachments } from './attachments.ts';
import { tellChanged } from './changed.ts';
import type { HeldRound } from './held-round.ts';
import { loadRounds, messagesOf } from './messages.ts';
import {
  absentConversation,
  conversationResource,
  findCalled,
  isHeldBy,
  lockConversation,
  type Holder,
} from './queries.ts';
import { startRound } from './round.ts';
import type { ConversationRow } from './rows.ts';
import type { Attachment, RoundSettings } from './schema.ts';
import { loadTree } from './tree.ts';

const { agentRuns, conversations } = tables;
const mostPerPerson = 10_000;

/** Something that is said. */
export interface Saying {
  content: string;
  attachments: Attachment[];
  settings: RoundSettings;
  /** The round that it follows; null: it is the first. Default: the last one that is shown. */
  parentId?: string | null | undefined;
  isWatched: boolean;
  stream: boolean;
}

/** Where: a conversation that is there, or what its holder calls it. */
export type Place = { id: string } | { holder: Holder; externalId: string | null };

export interface BegunRound {
  conversationId: string;
  externalId: string;
  runId: string;
}

/** Throws where a holder has as many conversations as one may. */
export async function assertRoom(db: Db, holder: Holder): Promise<void> {
  const count = await db.$count(conversations, isHeldBy(holder));
  if (count >= mostPerPerson) throw new DomainError('limit_exceeded', say('conversationsFull', { count }));
}

/** The row of a place, locked; made where its holder has none of that name. */
async function openPlace(ctx: Ctx, db: Db, place: Place): Promise<{ row: ConversationRow; isNew: boolean }> {
  if ('id' in place) {
    const row = await lockConversation(db, place.id);
    requireRight(ctx, 'conversation.write', conversationResource(row), () => absentConversation(place.id));
    return { row, isNew: false };
  }
  const { holder, externalId } = place;
  const found = externalId === null ? null : await findCalled(db, holder, externalId);
  if (found) return { row: await lockConversation(db, found.id), isNew: false };
  await assertRoom(db, holder);
  const id = newId();
  const now = new Date(ctx.clock.now());
  const made = await db
    .insert(conversations)
    .values({ id, ...holder, externalId: externalId ?? id, createdAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning({ id: conversations.id });
  // Another request made it in the meantime.
  if (made.length === 0) return openPlace(ctx, db, place);
  return { row: await lockConversation(db, id), isNew: true };
}

/** Throws where a round of the conversation goes on. */
export async function requireIdle(db: Db, conversationId: string): Promise<void> {
  const open = await db.$count(agentRuns, and(eq(agentRuns.conversationId, conversationId), isNull(agentRuns.endedAt)));
  if (open > 0) throw new DomainError('conflict', say('conversationBusy'));
}

/** Takes back what was written of a round that could not begin. */
async function undo(ctx: Ctx, runId: string, before: ConversationRow | null, conversationId: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await tx.delete(agentRuns).where(eq(agentRuns.id, runId));
    if (!before) await tx.delete(conversations).where(eq(conversations.id, conversationId));
    else
      await tx
        .update(conversations)
        .set({ headId: before.headId, rounds: before.rounds, settings: before.settings, updatedAt: before.updatedAt })
        .where(eq(conversations.id, conversationId));
  });
}

/** Writes a round down and begins it. Throws `not_found` for a model that is not there, `conflict` where one goes on. */
export async function beginRound(ctx: Ctx, place: Place, saying: Saying): Promise<BegunRound> {
  const { settings, content, attachments, isWatched, stream } = saying;
  requireAttachments(attachments);
  const model = await requireModel(ctx, settings.model, 'model.use');
  if (settings.fallback !== null) await requireModel(ctx, settings.fallback, 'model.use');
  const runId = newId();
  const written = await ctx.db.transaction(async (tx) => {
    const { row, isNew } = await openPlace(ctx, tx, place);
    await requireIdle(tx, row.id);
    const tree = await loadTree(tx, row.id);
    const parentId = saying.parentId === undefined ? row.headId : saying.parentId;
    if (parentId !== null && !tree.has(parentId)) throw new DomainError('not_found', say('noRound', { id: parentId }));
    const path = tree.pathTo(parentId);
    const createdAt = new Date(ctx.clock.now());
    const hold = await beginRun(tx, ctx.journal.hubId, {
      id: runId,
      kind: 'chat',
      conversationId: row.id,
      parentId,
      ownerId: row.ownerId,
      keyId: ctx.actor.type === 'key' ? ctx.actor.id : null,
      snapshot: storableJson({ ...settings, isWatched }),
      input: storableJson({ content: storable(content, content.length), attachments }),
      model: model.name,
      createdAt,
    });
    await tx
      .update(conversations)
      .set({ headId: runId, rounds: path.length + 1, settings: storableJson(settings), updatedAt: createdAt })
      .where(eq(conversations.id, row.id));
    const [round] = await loadRounds(tx, [runId]);
    const before = (await loadRounds(tx, path)).flatMap((each) => messagesOf(each.run, each.steps));
    if (!round) throw absentConversation(row.id);
    const held: HeldRound = { run: round.run, hold, steps: [], before, isWatched, stream };
    return { held, row, isNew };
  });
  const { row, isNew, held } = written;
  try {
    startRound(ctx, held);
  } catch (error) {
    await undo(ctx, runId, isNew ? null : row, row.id);
    throw error;
  }
  await tellChanged(ctx, row.id);
  return { conversationId: row.id, externalId: row.externalId, runId };
}

/** Whose a new conversation is. */
export function placeOf(ctx: Ctx, id: string | undefined): Place {
  return id === undefined ? { holder: { ownerId: userIdOf(ctx.actor), space: '' }, externalId: null } : { id };
}
