import { createAccumulator } from '../providers/accumulate.ts';
import type { Chunk, ChunkChoice, ToolCallDelta } from '../types.ts';
import { withCalls } from './calls.ts';
import type { Dialogue, TurnReader } from './dialogue.ts';

/** An id that can be sent back unchanged; a database does not distinguish all others. */
const isPlain = /^[\x21-\x7e]{1,256}$/;

/** Calls of one answer that are read: each gets a result, and is kept with it. */
const mostRead = 1_024;

/** Functions, as providers have them. */
export function nativeDialogue(): Dialogue {
  const rules = { same: null, asked: 'They have to be one JSON object.' };
  return { functions: (offered) => offered, rules, toModel: (messages) => messages, read: createNativeReader };
}

/** Reads calls as providers have them. Chunks stay as they are but for ids that were there already, and calls beyond all use. */
export function createNativeReader(turn: number, taken: Set<string>): TurnReader & { add(chunk: Chunk): Chunk } {
  const accumulator = createAccumulator();
  const read = new Set<number>();
  /** Calls whose id came. */
  const named = new Set<number>();

  function free(index: number): string {
    const wish = `call_${turn}_${index}`;
    let id = wish;
    for (let again = 2; taken.has(id); again += 1) id = `${wish}_${again}`;
    taken.add(id);
    return id;
  }
  function isRead({ index }: ToolCallDelta): boolean {
    if (read.size < mostRead) read.add(index);
    return read.has(index);
  }
  /** The id that the provider gives with the first piece stays, where it is one of its own. */
  function ownId(call: ToolCallDelta): ToolCallDelta {
    const { index, id } = call;
    if (typeof id !== 'string' || named.has(index)) return call;
    named.add(index);
    if (!isPlain.test(id) || taken.has(id)) return { ...call, id: free(index) };
    taken.add(id);
    return call;
  }
  function ownIds(choice: ChunkChoice): ChunkChoice {
    const { tool_calls: calls } = choice.delta;
    if (choice.index !== 0 || !Array.isArray(calls)) return choice;
    const own = calls.filter(isRead).map(ownId);
    if (own.length === calls.length && own.every((call, at) => call === calls[at])) return choice;
    return { ...choice, delta: { ...choice.delta, tool_calls: own } };
  }
  return {
    add(chunk) {
      const choices = chunk.choices.map(ownIds);
      const shown = choices.every((choice, at) => choice === chunk.choices[at]) ? chunk : { ...chunk, choices };
      accumulator.add(shown);
      return shown;
    },
    end: () => null,
    answer() {
      const answer = accumulator.answer();
      const calls = answer.message.tool_calls ?? [];
      const own = calls.map((call, at) => (call.id === '' ? { ...call, id: free(at) } : call));
      return { ...answer, message: withCalls(answer.message, own) };
    },
  };
}
