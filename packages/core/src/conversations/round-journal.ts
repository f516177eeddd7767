import type { ToolCall } from '@switchboard/agents';
import type { ToolOutcome } from '@switchboard/agents/chat';
import type { Ctx } from '../context.ts';
import type { AgentStepRow, WriteRight } from '../journal/rows.ts';
import { requestHash, writeStep, type StepValues } from '../journal/write.ts';
import type { RoundJournal } from './converse.ts';
import { createLostCalls } from './lost-calls.ts';
import type { AnswerOutput, ResultOutput } from './messages.ts';
import type { OpenedTool } from './tools.ts';
import type { TakenTurn } from './turns.ts';

const isPlain = /^[\x21-\x7e]{1,200}$/;

/** The position of steps in a run. */
export interface StepPlace {
  /** `node/visit`. */
  prefix: string;
  /** A place in the order of the steps of the whole run, each time the next one. */
  nextSeq(): number;
}

/** Places behind these steps. */
export function placesAfter(steps: readonly AgentStepRow[]): () => number {
  let seq = steps.reduce((most, step) => Math.max(most, step.seq), 0);
  return () => ++seq;
}

/** Ids of calls are the model's. */
function keyOf(prefix: string, turn: number, callId?: string): string {
  if (callId === undefined) return `${prefix}/${turn}`;
  return `${prefix}/${turn}/${isPlain.test(callId) ? callId : requestHash(callId)}`;
}

/** The number of the last turn that is written down of one visit; 0 where none is. */
export function lastTurnOf(steps: readonly AgentStepRow[]): number {
  const turns = steps.filter(({ kind }) => kind === 'turn' || kind === 'tool');
  return turns.reduce((most, { key }) => Math.max(most, Number(key.split('/')[2])), 0);
}

/** Asked about a call of which nobody knows whether it was made: a hub died in it, or its answer was lost. */
export type InDoubt = (call: ToolCall, tool: OpenedTool) => Promise<ToolOutcome | null>;

/** Writes what happens in one visit of a node behind the steps that it has; a conversation is the smallest of graphs. */
export function createRoundJournal(
  ctx: Ctx,
  hold: WriteRight,
  steps: readonly AgentStepRow[],
  inDoubt: InDoubt,
  { prefix, nextSeq }: StepPlace = { prefix: 'chat/1', nextSeq: placesAfter(steps) },
): RoundJournal {
  let lastTurn = lastTurnOf(steps);
  /** By key: running calls, of this hub or of one that died. */
  const open = new Map<string, Pick<AgentStepRow, 'seq' | 'startedAt' | 'repeatable'>>(
    steps.filter(({ state }) => state === 'started').map((step) => [step.key, step]),
  );

  function now(): Date {
    return new Date(ctx.clock.now());
  }
  function write(step: Omit<StepValues, 'seq'> & { seq?: number }): Promise<void> {
    return writeStep(ctx.db, hold, { ...step, seq: step.seq ?? nextSeq() });
  }
  function writeTurn(
    { turn, message, model, ms, thoughtMs, used }: TakenTurn,
    state: 'done' | 'cut',
    finish: string | null,
  ) {
    const output: AnswerOutput = { message, turn, model, ms, thoughtMs, finish };
    const endedAt = now();
    const startedAt = new Date(endedAt.getTime() - ms);
    const key = keyOf(prefix, turn);
    return write({
      key,
      kind: 'turn',
      state,
      asked: turn,
      output: { ...output },
      usage: { ...used },
      startedAt,
      endedAt,
    });
  }

  return {
    async answer(taken, finish) {
      lastTurn = taken.turn;
      await writeTurn(taken, 'done', finish);
    },
    async cut(taken) {
      const { tool_calls: _calls, ...message } = taken.message;
      const isEmpty = (message.content ?? '') === '' && message.reasoning_content === undefined;
      // Calls that were not written to their end were not made.
      if (!isEmpty) await writeTurn({ ...taken, message }, 'cut', null);
    },
    isBegun: (call) => open.has(keyOf(prefix, lastTurn, call.id)),
    lost: () => createLostCalls(steps),
    async begin(call, tool, isLost) {
      const key = keyOf(prefix, lastTurn, call.id);
      const before = open.get(key);
      const isDoubtful = before ? !before.repeatable : isLost;
      const instead = isDoubtful ? await inDoubt(call, tool) : null;
      if (instead) return instead;
      const begun = { key, seq: before?.seq ?? nextSeq(), startedAt: now(), repeatable: tool.repeatable };
      open.set(key, begun);
      await write({ ...begun, kind: 'tool', state: 'started', asked: call.function, output: null, endedAt: null });
      return null;
    },
    async result(turn, call, message, detail) {
      const output: ResultOutput = { message, turn, detail };
      const key = keyOf(prefix, turn, call.id);
      const { seq = nextSeq(), startedAt = now() } = open.get(key) ?? {};
      open.delete(key);
      const asked = call.function;
      const endedAt = now();
      await write({ key, kind: 'tool', state: 'done', asked, output: { ...output }, seq, startedAt, endedAt });
    },
  };
}
