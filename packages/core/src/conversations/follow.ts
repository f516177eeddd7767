import { setTimeout as sleep } from 'node:timers/promises';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { may } from '../access/require.ts';
import { onSignedOut } from '../access/signed-out.ts';
import type { Ctx } from '../context.ts';
import { countEnded, eventsOf, findRun } from '../journal/read.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import type { Delta } from '../journal/store.ts';
import type { RunNews } from '../runs/contract.ts';
import type { ChatEvent } from './events.ts';
import { heldHere } from './held.ts';
import { conversationResource, findConversation } from './queries.ts';
import type { ConversationRow } from './rows.ts';
import type { RoundQuestion, RoundState } from './schema.ts';

const kinds = ['chat.round'] as const;
const pollMs = 500;

/** The news of a round for the page; pieces of an answer that arrived together are joined. */
export type RoundNews =
  | (Exclude<ChatEvent, { type: 'chunk' }> & { seq: number })
  | (Delta & { seq: number })
  | { type: 'ask'; seq: number; askId: string; question: RoundQuestion }
  | { type: 'answered'; seq: number; askId: string }
  /** Some events are missing here: load the conversation again. */
  | { type: 'gap'; seq: number }
  | { type: 'end'; state: RoundState; failure: Reason | null };

async function* shownNews(news: AsyncIterable<RunNews<'chat.round'>>): AsyncGenerator<RoundNews> {
  for await (const item of news) {
    if (item.type === 'event') {
      const { event, seq } = item;
      if (event.type !== 'chunk') yield { ...event, seq };
      else if (event.content !== '' || event.reasoning !== '') {
        const { turn, content, reasoning } = event;
        yield { type: 'delta', turn, content, reasoning, seq };
      }
    } else if (item.type === 'gap') yield { type: 'gap', seq: item.seq };
    else if (item.type === 'end') {
      const { outcome, reason } = item.run;
      const state = outcome === 'ok' ? 'done' : outcome === 'cancelled' ? 'cancelled' : 'failed';
      yield { type: 'end', state, failure: state === 'failed' ? reason : null };
    } else yield item;
  }
}

/** The stored events of a round that another hub carries out. */
async function* storedNews(ctx: Ctx, runId: string, after: number, signal: AbortSignal): AsyncGenerator<RoundNews> {
  let at = after;
  let known = -1;
  while (!signal.aborted) {
    const run = await findRun(ctx.db, runId);
    for (const { seq, event } of await eventsOf(ctx.db, runId, at)) {
      at = seq;
      yield { ...(event as Delta), seq };
    }
    const ended = await countEnded(ctx.db, runId);
    if (known !== -1 && ended !== known) yield { type: 'gap', seq: at };
    known = ended;
    if (!run || run.endedAt !== null) {
      yield {
        type: 'end',
        state: (run?.state ?? 'cancelled') as RoundState,
        failure: (run?.failure ?? null) as Reason | null,
      };
      return;
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The events of a round after a position that the caller knows, until its end, whichever hub carries it out. */
export function followStored(ctx: Ctx, run: AgentRunRow, after: number): AsyncGenerator<RoundNews> {
  const { signal } = ctx;
  return heldHere(ctx.runs, run, 'chat.round')
    ? shownNews(ctx.runs.follow(run.id, kinds, { after, signal }))
    : storedNews(ctx, run.id, after, signal);
}

/** Ends the events when the actor signed out, or the conversation is no longer shared with it. */
export async function* whileReadable(
  ctx: Ctx,
  conversation: ConversationRow,
  tell: (signal: AbortSignal) => AsyncGenerator<RoundNews>,
): AsyncGenerator<RoundNews> {
  const { id } = conversation;
  const gone = new AbortController();
  const unwatch = onSignedOut(ctx, () => gone.abort());
  const unsubscribe = ctx.events.subscribe((event) => {
    if (event.type !== 'conversation.changed' || event.id !== id) return;
    findConversation(ctx.db, id).then(
      (row) => {
        if (!row || !may(ctx, 'conversation.read', conversationResource(row))) gone.abort();
      },
      () => gone.abort(),
    );
  });
  try {
    yield* tell(AbortSignal.any([ctx.signal, gone.signal]));
  } finally {
    unsubscribe();
    unwatch();
  }
}

/** The same with every chunk as it came; only where this hub carries it out. */
export function followChunks(ctx: Ctx, runId: string): AsyncGenerator<RunNews<'chat.round'>> {
  return ctx.runs.follow(runId, kinds, { after: 0, signal: ctx.signal });
}
