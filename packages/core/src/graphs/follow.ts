import { setTimeout as sleep } from 'node:timers/promises';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { Ctx } from '../context.ts';
import { heldHere } from '../conversations/held.ts';
import { countEnded, findRun } from '../journal/read.ts';
import { isSuspended, type AgentRunRow } from '../journal/rows.ts';
import type { GraphTold, Visit } from './events.ts';
import type { GraphRunState } from './schema.ts';

const pollMs = 500;

/** The news of a run for the page; pieces of an answer are joined to text. */
export type GraphNews =
  | (Exclude<GraphTold, { type: 'chunk' }> & { seq: number })
  | (Visit & { type: 'delta'; turn: number; content: string; reasoning: string; seq: number })
  /** Some events are missing here: load the run again. */
  | { type: 'gap'; seq: number }
  | { type: 'end'; state: GraphRunState; failure: Reason | null };

async function* here(ctx: Ctx, runId: string, after: number): AsyncGenerator<GraphNews> {
  for await (const item of ctx.runs.follow(runId, ['graph.run'], { after, signal: ctx.signal })) {
    if (item.type === 'gap') yield { type: 'gap', seq: item.seq };
    else if (item.type === 'end') {
      const { outcome, reason, result } = item.run;
      const isWaiting = (result?.waiting.length ?? 0) > 0;
      const ended = outcome === 'cancelled' ? 'cancelled' : 'failed';
      const state = outcome !== 'ok' ? ended : isWaiting ? 'waiting' : 'done';
      yield { type: 'end', state, failure: state === 'failed' ? reason : null };
    } else if (item.type === 'event') {
      const { event, seq } = item;
      if (event.type !== 'chunk') yield { ...event, seq };
      else if (event.content !== '' || event.reasoning !== '') {
        const { node, visit, turn, content, reasoning } = event;
        yield { type: 'delta', node, visit, turn, content, reasoning, seq };
      }
    }
  }
}

/** Of a run that another hub carries out: that something happened, and its end. */
async function* elsewhere(ctx: Ctx, runId: string, after: number): AsyncGenerator<GraphNews> {
  let known = -1;
  while (!ctx.signal.aborted) {
    const run = await findRun(ctx.db, runId);
    const count = await countEnded(ctx.db, runId);
    if (known !== -1 && count !== known) yield { type: 'gap', seq: after };
    known = count;
    if (!run || run.endedAt !== null || isSuspended(run)) {
      yield {
        type: 'end',
        state: (run?.state ?? 'cancelled') as GraphRunState,
        failure: run?.failure as Reason | null,
      };
      return;
    }
    await sleep(pollMs, undefined, { signal: ctx.signal }).catch(() => undefined);
  }
}

/** The events of a run after a position, until its end, whichever hub carries it out. */
export function followGraph(ctx: Ctx, run: AgentRunRow, after: number): AsyncGenerator<GraphNews> {
  return heldHere(ctx.runs, run, 'graph.run') ? here(ctx, run.id, after) : elsewhere(ctx, run.id, after);
}
