import { estimateTokens } from '@switchboard/agents/chat';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { inputOf, messagesOf, roundMessages, settingsOf, type LoadedRound } from './messages.ts';
import { conversationResource } from './queries.ts';
import type { ConversationRow } from './rows.ts';
import { RoundSettings, type Conversation, type ConversationItem, type Round } from './schema.ts';
import type { Tree } from './tree.ts';

export function toItem(row: ConversationRow, isAnswered: boolean): ConversationItem {
  const { headId: _head, space: _space, settings: _settings, ...item } = row;
  return { ...item, isAnswered };
}

function toRound({ run, steps }: LoadedRound, tree: Tree): Round {
  const { content, attachments } = inputOf(run);
  const { isWatched: _watched, beside: _beside, ...settings } = settingsOf(run);
  const messages = roundMessages(steps);
  const last = messages.at(-1);
  const state = run.state === 'queued' ? 'running' : run.state;
  return {
    id: run.id,
    parentId: run.parentId,
    siblings: tree.siblingsOf(run.id),
    state,
    settings,
    content,
    attachments,
    messages,
    finish: run.finish,
    failure: run.failure as Reason | null,
    canContinue: run.endedAt !== null && state !== 'done' && (last === undefined || last.role === 'tool' || last.cut),
    compacted: run.compacted !== null,
    tokensIn: run.tokensIn,
    tokensOut: run.tokensOut,
    cost: run.cost,
    createdAt: run.createdAt,
    endedAt: run.endedAt,
  };
}

/** A conversation with these rounds of its branch, as the actor sees it. */
export function toConversation(
  ctx: Ctx,
  row: ConversationRow,
  {
    tree,
    rounds,
    path,
    beside,
  }: { tree: Tree; rounds: readonly LoadedRound[]; path: readonly string[]; beside: readonly LoadedRound[] },
): Conversation {
  const resource = conversationResource(row);
  const settings = RoundSettings.safeParse(row.settings);
  const first = rounds[0]?.run.id;
  return {
    ...toItem(
      row,
      [...rounds, ...beside].some(({ run }) => run.endedAt === null),
    ),
    ownerName: ownerName(ctx, row.ownerId),
    settings: settings.success ? settings.data : null,
    shown: rounds.map((round) => toRound(round, tree)),
    beside: beside.map((round) => toRound(round, tree)),
    hasEarlier: first !== undefined && path[0] !== first,
    contextTokens: estimateTokens(rounds.flatMap(({ run, steps }) => messagesOf(run, steps))),
    can: { write: may(ctx, 'conversation.write', resource), share: may(ctx, 'conversation.share', resource) },
  };
}
