import type { JsonObject, Message, ToolCall, ToolMessage } from '@switchboard/agents';
import {
  runLoop,
  searchable,
  type LoopEnd,
  type LoopEvent,
  type LoopInput,
  type OfferBounds,
  type ToolOutcome,
} from '@switchboard/agents/chat';
import type { Ask } from '@switchboard/mcp-runtime/types';
import type { Ctx } from '../context.ts';
import { fromProvider } from '../models/provider-refusal.ts';
import { newId } from '../secrets.ts';
import type { ChatEvent, ShownTool } from './events.ts';
import { offeredTokens, offeredTools } from './fields.ts';
import { createLostCalls, notMadeAgain, type LostCalls } from './lost-calls.ts';
import { createProgress, type Progress } from './progress.ts';
import type { CallDetail, ChosenTools, Used } from './schema.ts';
import { openTools, type OpenedTool, type OpenedTools } from './tools.ts';
import { createTurns, type Asked, type TakenTurn, type Turns } from './turns.ts';

/** Stores every event, so that no finished work is done twice. The round continues after each is stored. */
export interface RoundJournal {
  answer(taken: TakenTurn, finish: string | null): Promise<void>;
  /** A turn that ended in the middle, with what it said. */
  cut(taken: TakenTurn): Promise<void>;
  /** A hub began this call before it died. */
  isBegun(call: ToolCall): boolean;
  /** Of the calls that were made before. */
  lost(): LostCalls;
  /**
   * Called before a call. Returns the result to use instead, where the call must not be made. `isLost`: the call was
   * made before, and its answer was lost.
   */
  begin(call: ToolCall, tool: OpenedTool, isLost: boolean): Promise<ToolOutcome | null>;
  result(turn: number, call: ToolCall, message: ToolMessage, detail: CallDetail | null): Promise<void>;
}

/** For rounds of which nothing is kept. */
export const noJournal: RoundJournal = {
  answer: () => Promise.resolve(),
  cut: () => Promise.resolve(),
  isBegun: () => false,
  lost: () => createLostCalls(),
  begin: (_call, _tool, isLost) => Promise.resolve(isLost ? notMadeAgain : null),
  result: () => Promise.resolve(),
};

/** How a model is asked and its calls are made, whatever was said so far. */
export interface Carrying extends Asked {
  chosen: ChosenTools;
  /** Ids of the graphs whose runs ask, the outermost first. */
  within?: readonly string[];
  journal: RoundJournal;
  /** Asked before a tool is called; returns the result to use instead, where the call is not allowed. */
  approve?: (call: ToolCall, args: JsonObject, tool: OpenedTool, isBegun: boolean) => Promise<ToolOutcome | null>;
  /** Answers what a server asks during a call. */
  askOf?: (call: ToolCall, tool: OpenedTool) => Ask;
  /** Told at any time, between other events. */
  onProgress?: (event: Extract<ChatEvent, { type: 'progress' }>) => void;
}

export interface Plan extends Carrying {
  protocol: NonNullable<LoopInput['protocol']>;
  /** From the system prompt to what was said last. */
  messages: readonly Message[];
  signal: AbortSignal;
  /** Tokens that the model takes, where that is known. */
  contextWindow: number | null;
  /** The number of the next turn; 1 where nothing came yet. */
  firstTurn?: number;
  /** The number of the last turn that may be taken; default 10. */
  mostTurns?: number;
}

/** The models that answer a round and their use, also while it runs and after a failure. */
export interface Tally {
  model: string;
  used: Used;
}

export interface RoundEnd {
  reason: LoopEnd['reason'];
  /** The new messages: answers and results. */
  messages: LoopEnd['messages'];
}

function addUsed(a: Used, b: Used): Used {
  return {
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
    cost: a.cost + b.cost,
    estimated: a.estimated || b.estimated,
  };
}

export function newTally(model: string): Tally {
  return { model, used: { tokensIn: 0, tokensOut: 0, cost: 0, estimated: false } };
}

function toShown({ item, title, readOnly }: OpenedTool): ShownTool {
  return { server: item.serverId, name: item.name, title, readOnly };
}

interface Parts {
  plan: Carrying;
  progress: Progress;
  tools: OpenedTools;
  turns: Turns;
  tally: Tally;
}

function callerOf({ plan, tools, progress }: Parts): LoopInput['tools']['call'] {
  const lost = plan.journal.lost();
  return async (call, args, signal) => {
    const tool = tools.find(call.function.name);
    if (!tool) return { content: `There is no tool ${call.function.name}.`, isError: true };
    const isBegun = plan.journal.isBegun(call);
    const isLost = !tool.repeatable && lost.has(call);
    const instead = (await plan.approve?.(call, args, tool, isBegun)) ?? (await plan.journal.begin(call, tool, isLost));
    if (instead) return instead;
    const outcome = await tools.call({
      tool,
      args,
      signal,
      requestId: newId(),
      via: plan.way,
      ask: plan.askOf?.(call, tool) ?? null,
      onProgress: (params) => progress.add(call.id, params),
    });
    lost.note(call, tool, outcome.detail);
    return outcome;
  };
}

async function toChatEvent({ plan, tools, turns, tally }: Parts, event: LoopEvent): Promise<ChatEvent> {
  switch (event.type) {
    case 'turn':
      return event;
    case 'chunk':
      turns.shown(event.chunk);
      return event;
    case 'answer': {
      const { turn, answer } = event;
      const { message, finish_reason: finish } = answer;
      const taken = turns.end();
      if (!taken) throw new Error('An answer came of a turn that was not taken.');
      tally.model = taken.model;
      tally.used = addUsed(tally.used, taken.used);
      await plan.journal.answer({ ...taken, message }, finish);
      return { type: 'answer', turn, model: taken.model, message, finish, used: taken.used };
    }
    case 'call': {
      const tool = tools.find(event.call.function.name);
      return { ...event, tool: tool && toShown(tool) };
    }
    case 'result': {
      const { turn, call, message } = event;
      const detail = (event.detail ?? null) as CallDetail | null;
      await plan.journal.result(turn, call, message, detail);
      return { type: 'result', turn, callId: call.id, message, detail };
    }
  }
}

/** A loop of turns and tools that stores every event. */
export interface Carried {
  take: Turns['take'];
  tools: LoopInput['tools'];
  /** About how many tokens the definition of a tool has. */
  tokensOf(name: string): number;
  /** Stores an event of the loop where it has to be kept, then gives it as it is shown. */
  shown(event: LoopEvent): Promise<ChatEvent>;
  /** Counts the use of a turn that failed or is running; null where there is none. */
  countCut(): TakenTurn | null;
  /** Counts the running turn, and stores it as cut. */
  end(): Promise<void>;
}

/** Opens the tools that were chosen, for turns of the model that is named. */
export async function openCarried(ctx: Ctx, plan: Carrying, tally: Tally): Promise<Carried> {
  const tools = await openTools(ctx, plan.chosen, plan.within);
  const progress = createProgress((callId, told) => plan.onProgress?.({ type: 'progress', callId, progress: told }));
  const parts: Parts = { plan, tools, turns: createTurns(ctx, plan), tally, progress };
  function countCut(): TakenTurn | null {
    const cut = parts.turns.end();
    if (!cut) return null;
    tally.model = cut.model;
    tally.used = addUsed(tally.used, cut.used);
    return cut;
  }
  return {
    countCut,
    take: parts.turns.take,
    tokensOf: (name) => tools.find(name)?.item.tokens ?? 0,
    tools: { tools: tools.offered, call: callerOf(parts) },
    shown: (event) => toChatEvent(parts, event),
    async end() {
      progress.end();
      const cut = countCut();
      if (cut) await plan.journal.cut(cut);
    },
  };
}

/** Tools that would take more of the context are found by a search instead. */
function boundsOf({ contextWindow }: Plan, { tokensOf }: Carried): OfferBounds {
  const tokens = Math.min(offeredTokens, contextWindow === null ? offeredTokens : Math.floor(contextWindow / 4));
  return { tokens, tools: offeredTools, tokensOf: (tool) => tokensOf(tool.function.name) };
}

/**
 * Takes turns of a model and calls its tools until the model is done. Throws what its signal says, and DomainError; what
 * was said before is in the journal.
 */
export async function* converse(ctx: Ctx, plan: Plan, tally: Tally): AsyncGenerator<ChatEvent, RoundEnd> {
  const carried = await openCarried(ctx, plan, tally);
  const loop = runLoop({
    messages: plan.messages,
    takeTurn: carried.take,
    tools: searchable(carried.tools, boundsOf(plan, carried)),
    signal: plan.signal,
    protocol: plan.protocol,
    ...(plan.firstTurn !== undefined && { firstTurn: plan.firstTurn }),
    ...(plan.mostTurns !== undefined && { mostTurns: plan.mostTurns }),
  });
  try {
    for (;;) {
      const { done, value } = await loop.next();
      if (done) return { reason: value.reason, messages: value.messages };
      yield await carried.shown(value);
    }
  } catch (error) {
    throw fromProvider(error);
  } finally {
    // Also when the reader disconnects: the messages so far are kept.
    await loop.return({ reason: 'stop', turns: 0, messages: [] });
    await carried.end();
  }
}
