import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { findUser } from '../users/queries.ts';
import { verb } from '../verb.ts';
import { answeredAmong } from './list.ts';
import { absentConversation, findConversation, listOfOthers } from './queries.ts';
import { GetConversation, ListOthers, type Conversation, type OthersItem } from './schema.ts';
import { view } from './verbs.ts';
import { toItem } from './view.ts';

const mostListed = 500;

function requireAllowed({ settings }: Pick<Ctx, 'settings'>): void {
  if (!settings.now().conversations.adminsMayRead) throw new DomainError('forbidden', say('conversationsNotRead'));
}

/** Conversations of others, for an admin where the settings let admins read them; recorded, as titles tell of content. */
export const listOthers = verb(
  { name: 'conversation.inspect', access: 'write', input: ListOthers },
  async (ctx, { owner, search }): Promise<OthersItem[]> => {
    requireAllowed(ctx);
    const person = owner === undefined ? null : await findUser(ctx.db, owner);
    if (owner !== undefined && !person) throw invalidField('owner', say('noUser', { id: owner }));
    const wanted = { not: userIdOf(ctx.actor), owner: person?.id ?? null, words: search ?? '' };
    const rows = await listOfOthers(ctx.db, wanted, mostListed);
    const answered = await answeredAmong(
      ctx.db,
      rows.map(({ id }) => id),
    );
    ctx.audit({ details: { owner: person?.username ?? null, search: search ?? null, listed: rows.length } });
    return rows.map((row) => ({ ...toItem(row, answered.has(row.id)), ownerName: ownerName(ctx, row.ownerId) }));
  },
);

/** A conversation of somebody else, for an admin where the settings let admins read them. Each reading is recorded. */
export const inspectConversation = verb(
  { name: 'conversation.inspect', access: 'write', input: GetConversation },
  async (ctx, { id, before, rounds }): Promise<Conversation> => {
    requireAllowed(ctx);
    const row = await findConversation(ctx.db, id);
    if (!row) throw absentConversation(id);
    const seen = await view(ctx, row, { before, rounds });
    ctx.audit({ id, details: { owner: seen.ownerName, title: row.title, rounds: seen.shown.length } });
    return seen;
  },
);
