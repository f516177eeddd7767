import { and, eq, inArray, isNull } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { userIdOf, keyIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { AgentRunRow } from '../journal/rows.ts';
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
/** Rounds of a conversation on all its branches: each that is said reads those before it. */
const mostRounds = 10_000;

/** Something that is said. */
export interface Saying {
  content: string;
  attachments: Attachment[];
  settings: RoundSettings;
  /** A second model that is asked the same. */
  beside?: string | undefined;
  /** The round that it follows; null: it is the first. Default: the last one that is shown. */
  parentId?: string | null | undefined;
  isWatched: boolean;
  stream: boolean;
}

/** A place for a round: an existing conversation, or the name that its holder uses for one. */
export type Place = { id: string } | { holder: Holder; externalId: string | null };

export interface BegunRound {
  conversationId: string;
  externalId: string;
  /** The conversation began with it. */
  isNew: boolean;
  runId: string;
  /** The round of the second model. */
  besideId: string | null;
}

/** Throws where a holder has as many conversations as one may. */
export async function assertRoom(db: Db, holder: Holder): Promise<void> {
  const count = await db.$count(conversations, isHeldBy(holder));
  if (count >= mostPerPerson) throw new DomainError('limit_exceeded', say('conversationsFull', { count }));
}

/** Runs of graphs are conversations that nobody speaks in. */
export function requireSpoken(row: ConversationRow): ConversationRow {
  if (row.kind === 'graph') throw new DomainError('conflict', say('conversationOfRun'));
  return row;
}

/** The purpose of a conversation that a round is added to. */
export interface Purpose {
  kind: ConversationRow['kind'];
  runKind: AgentRunRow['kind'];
  /** Throws where the conversation has another purpose. */
  require(db: Db, row: ConversationRow): Promise<void>;
  /** Writes what a new conversation has besides. */
  made(db: Db, id: string): Promise<void>;
}

const chatting: Purpose = {
  kind: 'chat',
  runKind: 'chat',
  require(_db, row) {
    if (row.kind === 'agent') throw new DomainError('conflict', say('conversationOfGeneration'));
    requireSpoken(row);
    return Promise.resolve();
  },
  made: () => Promise.resolve(),
};

interface Opened {
  row: ConversationRow;
  isNew: boolean;
}

/** The row of a place, locked; made where its holder has none of that name. */
async function openPlace(ctx: Ctx, db: Db, place: Place, purpose: Purpose): Promise<Opened> {
  if ('id' in place) {
    const row = await lockConversation(db, place.id);
    requireRight(ctx, 'conversation.write', conversationResource(row), () => absentConversation(place.id));
    await purpose.require(db, row);
    return { row, isNew: false };
  }
  const { holder, externalId } = place;
  const found = externalId === null ? null : await findCalled(db, holder, externalId);
  if (found) {
    const row = await lockConversation(db, found.id);
    await purpose.require(db, row);
    return { row, isNew: false };
  }
  await assertRoom(db, holder);
  const id = newId();
  const now = new Date(ctx.clock.now());
  const made = await db
    .insert(conversations)
    .values({ id, ...holder, externalId: externalId ?? id, kind: purpose.kind, createdAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning({ id: conversations.id });
  // Another request made it in the meantime.
  if (made.length === 0) return openPlace(ctx, db, place, purpose);
  await purpose.made(db, id);
  return { row: await lockConversation(db, id), isNew: true };
}

/** Throws where a round of the conversation is running. */
export async function requireIdle(db: Db, conversationId: string): Promise<void> {
  const open = await db.$count(agentRuns, and(eq(agentRuns.conversationId, conversationId), isNull(agentRuns.endedAt)));
  if (open > 0) throw new DomainError('conflict', say('conversationBusy'));
}

/** Takes back what was written of rounds that could not begin. */
async function undo(ctx: Ctx, { rounds, row, isNew }: Written): Promise<void> {
  const ids = rounds.map(({ run }) => run.id);
  // The one may go by now that the other could not begin beside.
  const going = ids.filter((id) => ctx.runs.find(id, ['chat.round']) !== null);
  for (const id of going) ctx.runs.cancel(id);
  await Promise.all(going.map((id) => ctx.runs.wait(id)));
  await ctx.db.transaction(async (tx) => {
    await tx.delete(agentRuns).where(inArray(agentRuns.id, ids));
    if (isNew) await tx.delete(conversations).where(eq(conversations.id, row.id));
    else
      await tx
        .update(conversations)
        .set({ headId: row.headId, rounds: row.rounds, settings: row.settings, updatedAt: row.updatedAt })
        .where(eq(conversations.id, row.id));
  });
}

/** Rounds that are written down, in a conversation as it was before. */
interface Written {
  rounds: HeldRound[];
  row: ConversationRow;
  isNew: boolean;
}

interface Asked {
  place: Place;
  saying: Saying;
  purpose: Purpose;
  models: readonly Answerer[];
}

/** Stores a round for each model; the conversation continues from the first. */
async function write(ctx: Ctx, db: Db, { place, saying, purpose, models }: Asked): Promise<Written> {
  const { settings, content, attachments, isWatched, stream } = saying;
  const { row, isNew } = await openPlace(ctx, db, place, purpose);
  await requireIdle(db, row.id);
  const tree = await loadTree(db, row.id);
  if (tree.size + models.length > mostRounds) {
    throw new DomainError('limit_exceeded', say('conversationFull', { count: tree.size }));
  }
  const parentId = saying.parentId === undefined ? row.headId : saying.parentId;
  if (parentId !== null && !tree.has(parentId)) throw new DomainError('not_found', say('noRound', { id: parentId }));
  const path = tree.pathTo(parentId);
  const before = (await loadRounds(db, path)).flatMap((each) => messagesOf(each.run, each.steps));
  const ids = models.map(() => newId());
  const now = ctx.clock.now();
  const rounds: HeldRound[] = [];
  for (const [at, { asked, name }] of models.entries()) {
    const id = ids[at] ?? newId();
    const beside = ids.filter((each) => each !== id);
    const hold = await beginRun(db, ctx.journal.hubId, {
      id,
      kind: purpose.runKind,
      conversationId: row.id,
      parentId,
      ownerId: row.ownerId,
      keyId: keyIdOf(ctx.actor),
      snapshot: storableJson({ ...settings, model: asked, isWatched, ...(beside.length > 0 && { beside }) }),
      input: storableJson({ content: storable(content, content.length), attachments }),
      model: name,
      // Branches are sorted by their beginning.
      createdAt: new Date(now + at),
    });
    const [round] = await loadRounds(db, [id]);
    if (!round) throw absentConversation(row.id);
    rounds.push({ run: round.run, hold, steps: [], before, isWatched, stream });
  }
  await db
    .update(conversations)
    .set({
      headId: ids[0],
      rounds: path.length + 1,
      settings: storableJson(settings),
      updatedAt: new Date(now),
    })
    .where(eq(conversations.id, row.id));
  return { rounds, row, isNew };
}

/** A model as it was asked for, and its name. */
interface Answerer {
  asked: string;
  name: string;
}

async function answerers(ctx: Ctx, { settings, beside }: Saying): Promise<Answerer[]> {
  const asked = [settings.model, ...(beside === undefined ? [] : [beside])];
  const found: Answerer[] = [];
  for (const each of asked) found.push({ asked: each, name: (await requireModel(ctx, each, 'model.use')).name });
  if (settings.fallback !== null) await requireModel(ctx, settings.fallback, 'model.use');
  return found;
}

/** Stores a round and starts it. Throws `not_found` for an unknown model, `conflict` where a round is running. */
export async function beginRound(
  ctx: Ctx,
  place: Place,
  saying: Saying,
  purpose: Purpose = chatting,
): Promise<BegunRound> {
  requireAttachments(saying.attachments);
  const models = await answerers(ctx, saying);
  const written = await ctx.db.transaction((tx) => write(ctx, tx, { place, saying, purpose, models }));
  const { row, rounds, isNew } = written;
  try {
    for (const round of rounds) startRound(ctx, round);
  } catch (error) {
    await undo(ctx, written);
    throw error;
  }
  await tellChanged(ctx, row.id);
  const [runId = '', besideId = null] = rounds.map(({ run }) => run.id);
  return { conversationId: row.id, externalId: row.externalId, isNew, runId, besideId };
}

/** The place of a new conversation of the actor. */
export function placeOf(ctx: Ctx, id: string | undefined): Place {
  return id === undefined ? { holder: { ownerId: userIdOf(ctx.actor), space: '' }, externalId: null } : { id };
}
