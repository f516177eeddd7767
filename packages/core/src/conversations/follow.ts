import { setTimeout as sleep } from 'node:timers/promises';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { Ctx } from '../context.ts';
import { eventsOf, findRun, stepsOf } from '../journal/read.ts';
import type { Delta } from '../journal/store.ts';
import type { RunNews } from '../runs/contract.ts';
import type { ChatEvent } from './events.ts';
import type { RoundQuestion, RoundState } from './schema.ts';

const kinds = ['chat.round'] as const;
const pollMs = 500;

/** What a page is told of a round; pieces of an answer that came together are one. */
export type RoundNews =
  | (Exclude<ChatEvent, { type: 'chunk' }> & { seq: number })
  | (Delta & { seq: number })
  | { type: 'ask'; seq: number; askId: string; question: RoundQuestion }
  | { type: 'answered'; seq: number; askId: string }
  /** Something is not told here: look at the conversation anew. */
  | { type: 'gap'; seq: number }
  | { type: 'end'; state: RoundState; failure: Reason | null };

function deltaOf({ turn, chunk }: Extract<ChatEvent, { type: 'chunk' }>): Delta {
  const delta = chunk.choices.find(({ index }) => index === 0)?.delta;
  return { type: 'delta', turn, content: delta?.content ?? '', reasoning: delta?.reasoning_content ?? '' };
}

async function* shownNews(news: AsyncIterable<RunNews<'chat.round'>>): AsyncGenerator<RoundNews> {
  for await (const item of news) {
    if (item.type === 'event') {
      const { event, seq } = item;
      if (event.type !== 'chunk') yield { ...event, seq };
      else {
        const delta = deltaOf(event);
        if (delta.content !== '' || delta.reasoning !== '') yield { ...delta, seq };
      }
    } else if (item.type === 'gap') yield { type: 'gap', seq: item.seq };
    else if (item.type === 'end') {
      const { outcome, reason } = item.run;
      const state = outcome === 'ok' ? 'done' : outcome === 'cancelled' ? 'cancelled' : 'failed';
      yield { type: 'end', state, failure: state === 'failed' ? reason : null };
    } else yield item;
  }
}

/** What another hub writes of a round that it carries out. */
async function* storedNews(ctx: Ctx, runId: string, after: number, signal: AbortSignal): AsyncGenerator<RoundNews> {
  let at = after;
  let known = -1;
  while (!signal.aborted) {
    const run = await findRun(ctx.db, runId);
    for (const { seq, event } of await eventsOf(ctx.db, runId, at)) {
      at = seq;
      yield { ...(event as Delta), seq };
    }
    const steps = (await stepsOf(ctx.db, [runId])).get(runId) ?? [];
    const ended = steps.filter(({ state }) => state !== 'started').length;
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

/** What a round told after a place that the caller knows, and tells to its end, wherever it is carried out. */
export function followStored(ctx: Ctx, runId: string, after: number): AsyncGenerator<RoundNews> {
  const { signal } = ctx;
  return ctx.runs.find(runId, kinds)
    ? shownNews(ctx.runs.follow(runId, kinds, { after, signal }))
    : storedNews(ctx, runId, after, signal);
}

/** The same with every chunk as it came; only where this hub carries it out. */
export function followChunks(ctx: Ctx, runId: string): AsyncGenerator<RunNews<'chat.round'>> {
  return ctx.runs.follow(runId, kinds, { after: 0, signal: ctx.signal });
}
