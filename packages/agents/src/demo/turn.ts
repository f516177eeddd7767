import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { ProviderError } from '../errors.ts';
import { createAccumulator } from '../providers/accumulate.ts';
import type { Chunk, Clock, Delta, Message, Tool, TurnOptions } from '../types.ts';
import { answerOf } from './answer.ts';
import { estimateUsage } from './usage.ts';

/** Characters of one piece. */
const pieceLength = 12;

export interface DemoTurn {
  messages: readonly Message[];
  tools: readonly Tool[];
  signal: AbortSignal;
  options: TurnOptions;
  clock: Clock;
  turnId: string;
}

/** One turn of the demo model, in pieces like those of any other. */
export async function* runDemo(turn: DemoTurn): AsyncGenerator<Chunk, void, undefined> {
  const { messages, tools, signal, options, clock, turnId } = turn;
  const { text, calls } = answerOf(messages, tools, options.parameters?.tool_choice ?? 'auto');
  const made = calls.map(({ name, arguments: given }, index) => ({
    index,
    id: `call_${turnId}_${index}`,
    type: 'function' as const,
    function: { name, arguments: given },
  }));
  const withCalls = made.length > 0 && { tool_calls: made };
  const deltas: Delta[] =
    options.stream === false
      ? [{ role: 'assistant', content: text, ...withCalls }]
      : [
          { role: 'assistant', content: '' },
          ...piecesOf(text).map((content) => ({ content })),
          ...(withCalls === false ? [] : [withCalls]),
        ];
  const created = Math.floor(clock.now() / 1000);
  const head = { id: `demo-${turnId}`, object: 'chat.completion.chunk' as const, created, model: 'demo' };
  const accumulated = createAccumulator();
  for (const delta of deltas) {
    if (signal.aborted) throw new ProviderError('aborted', 'demo: The request was given up.');
    const chunk = { ...head, choices: [{ index: 0, delta, finish_reason: null }] };
    accumulated.add(chunk);
    yield chunk;
    // Others have their turn between two pieces, as they have with a model far away.
    await turnOfLoop();
  }
  yield { ...head, choices: [{ index: 0, delta: {}, finish_reason: made.length > 0 ? 'tool_calls' : 'stop' }] };
  yield { ...head, choices: [], usage: estimateUsage(messages, tools, accumulated.answer()) };
}

function piecesOf(text: string): string[] {
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / pieceLength) }, (_, at) =>
    characters.slice(at * pieceLength, (at + 1) * pieceLength).join(''),
  );
}
