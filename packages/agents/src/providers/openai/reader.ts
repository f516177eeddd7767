import { isObject } from '@switchboard/basics';
import type { Chunk, JsonObject } from '../../types.ts';
import type { StreamEvent } from '../events.ts';
import type { AnswerReader, ReaderContext } from '../format.ts';
import { objectsIn, parseObject } from '../json.ts';
import {
  nameFinish,
  findUsage,
  finishWithCalls,
  joinContentParts,
  nameCall,
  nameReasoning,
  nameRole,
  newChoiceState,
  placeCall,
  takeMessageAsDelta,
  writeArguments,
  type ChoiceState,
} from '../quirks/mends.ts';
import { keepShape, keepUsage } from '../quirks/shape.ts';

/** More is none that anybody asked for. */
const mostChoices = 128;
const mostCalls = 1024;

/** Reads an answer of OpenAI's format. Its chunks stay as they are but for what `quirks` mend. */
export function createOpenAIReader(context: ReaderContext): AnswerReader {
  const { failures } = context;
  const choices = new Map<number, ChoiceState>();
  let done = false;

  function read(parsed: JsonObject): Chunk[] {
    const { error } = parsed;
    if (error !== undefined && error !== null) throw failures.refused(failures.read(null, parsed));
    if (!Array.isArray(parsed['choices'])) {
      // Keep-alives, and the use where the chunk has no choice.
      if (!isObject(parsed['usage'])) return [];
      parsed['choices'] = [];
    }
    findUsage(parsed);
    keepUsage(parsed);
    fillHead(parsed, context);
    parsed['object'] = 'chat.completion.chunk';
    const found = objectsIn(parsed['choices']);
    found.forEach(mendChoice);
    return [parsed as Chunk];
  }

  function mendChoice(choice: JsonObject, at: number): void {
    if (!Number.isSafeInteger(choice['index'])) choice['index'] = at;
    const index = Number(choice['index']);
    const state = choices.get(index) ?? newChoiceState();
    choices.set(index, state);
    if (choices.size > mostChoices) throw failures.of('protocol', `The answer has more than ${mostChoices} choices.`);
    const delta = takeMessageAsDelta(choice);
    nameRole(delta, state);
    nameReasoning(delta);
    joinContentParts(delta);
    for (const call of objectsIn(delta['tool_calls'])) writeArguments(call);
    keepShape(delta);
    for (const call of objectsIn(delta['tool_calls'])) {
      nameCall(call, placeCall(call, state), context.turnId);
    }
    if (state.calls.length > mostCalls) throw failures.of('protocol', `The answer has more than ${mostCalls} calls.`);
    nameFinish(choice);
    finishWithCalls(choice, state);
    // The use may come in a choice of its own after the end.
    state.finished ||= choice['finish_reason'] !== null;
  }
  function isFinished(least: number) {
    return choices.size >= least && [...choices.values()].every((state) => state.finished);
  }

  return {
    event({ name, data, last }: StreamEvent) {
      if (done || data === '') return [];
      if (data.trim() === '[DONE]') {
        done = true;
        return [];
      }
      const parsed = parseObject(data);
      if (!parsed.ok) {
        if (last) throw failures.of('protocol', 'The answer was cut off in the middle of a chunk.');
        if (name === 'error') throw failures.refused(failures.read(null, data));
        throw failures.of('protocol', `A chunk of the answer ${parsed.why}.`);
      }
      if (name === 'error') throw failures.refused(failures.read(null, parsed.value));
      return read(parsed.value);
    },
    whole(body) {
      const chunks = read(body);
      if (chunks.length === 0) throw failures.of('protocol', 'The answer is JSON, but no answer of a model.');
      done = true;
      return chunks;
    },
    end() {
      if (done || isFinished(1)) return;
      const what = choices.size === 0 ? 'The answer ended before it began.' : 'The answer was cut off.';
      throw failures.of('protocol', what);
    },
    state: () => (done ? 'over' : isFinished(context.choices) ? 'finished' : 'open'),
  };
}

/** The fields before the choices, where a server leaves them out. */
function fillHead(chunk: JsonObject, { model, created, turnId }: ReaderContext): void {
  if (typeof chunk['id'] !== 'string') chunk['id'] = `chatcmpl-${turnId}`;
  if (typeof chunk['created'] !== 'number') chunk['created'] = created;
  if (typeof chunk['model'] !== 'string') chunk['model'] = model.model;
}
