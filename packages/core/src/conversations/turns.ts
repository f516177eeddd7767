import type { AssistantMessage, Chunk, Message, Parameters as TurnParameters, Tool } from '@switchboard/agents';
import { createAccumulator } from '@switchboard/agents/chat';
import type { Ctx } from '../context.ts';
import type { ModelWay } from '../models/schema.ts';
import { takeTurn } from '../models/turns.ts';
import type { Used } from './schema.ts';

/** A turn, as far as it is. */
export interface TakenTurn {
  turn: number;
  /** The name of the model that answers. */
  model: string;
  message: AssistantMessage;
  used: Used;
  ms: number;
  /** For how long it thought before it said something; null where it did not, or nobody knows. */
  thoughtMs: number | null;
}

/** Which model is asked, and how. */
export interface Asked {
  model: string;
  /** Asked where the model fails before it has said anything. */
  fallback: string | null;
  options: TurnParameters;
  way: ModelWay;
  stream?: boolean;
}

/** Takes the turns of one round, and knows the progress of the running one. */
export interface Turns {
  take(messages: readonly Message[], tools: readonly Tool[], signal: AbortSignal, turn: number): AsyncIterable<Chunk>;
  /** Something of the turn was shown. */
  shown(chunk: Chunk): void;
  /** The turn that started last; null before the first, and after it was taken. */
  end(): TakenTurn | null;
}

interface Going {
  turn: number;
  model: string;
  startedAt: number;
  used: () => Used;
  accumulated: ReturnType<typeof createAccumulator>;
  /** When it was heard to think, and to say or call something after that. */
  thoughtAt: number | null;
  spokeAt: number | null;
}

/** Looks at when a chunk comes, whatever is in it. */
function hear(going: Going, { choices }: Chunk): void {
  const delta = choices.find(({ index }) => index === 0)?.delta;
  if (delta === undefined || going.spokeAt !== null) return;
  const speaks = (delta.content ?? '') !== '' || delta.tool_calls !== undefined;
  if ((delta.reasoning_content ?? '') !== '') going.thoughtAt ??= performance.now();
  if (speaks) going.spokeAt = performance.now();
}

/** A turn that ended while it thought did so to its end. */
function thoughtMsOf({ thoughtAt, spokeAt }: Going): number | null {
  return thoughtAt === null ? null : Math.round((spokeAt ?? performance.now()) - thoughtAt);
}

/** Asks the next model where one fails before its first chunk. */
export function createTurns(ctx: Ctx, plan: Asked): Turns {
  const { fallback, options, way, stream } = plan;
  let going: Going | null = null;

  async function* takeOf(model: string, ...[messages, tools, signal, turn]: Parameters<Turns['take']>) {
    const asked = { model, messages, tools, parameters: options, way, signal, ...(stream !== undefined && { stream }) };
    const taken = await takeTurn(ctx, asked);
    going = {
      turn,
      model: taken.model.name,
      startedAt: performance.now(),
      used: () => ({ ...taken.used(), cost: taken.cost() }),
      accumulated: createAccumulator(),
      thoughtAt: null,
      spokeAt: null,
    };
    yield* taken.chunks;
  }

  return {
    async *take(...asked) {
      let begun = false;
      try {
        for await (const chunk of takeOf(plan.model, ...asked)) {
          begun = true;
          yield chunk;
        }
      } catch (error) {
        if (begun || fallback === null || asked[2].aborted) throw error;
        ctx.log.info({ model: plan.model, fallback }, 'A model failed, and another one is asked in its place');
        yield* takeOf(fallback, ...asked);
      }
    },
    shown(chunk) {
      if (!going) return;
      going.accumulated.add(chunk);
      hear(going, chunk);
    },
    end() {
      if (!going) return null;
      const { turn, model, startedAt, used, accumulated } = going;
      const thoughtMs = thoughtMsOf(going);
      going = null;
      const ms = Math.round(performance.now() - startedAt);
      return { turn, model, message: accumulated.answer().message, used: used(), ms, thoughtMs };
    },
  };
}
