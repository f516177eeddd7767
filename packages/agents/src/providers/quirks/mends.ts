import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../types.ts';
import { objectIn, objectsIn, parseObject, textIn } from '../json.ts';

/** The state of one choice of an answer while its chunks arrive. */
export interface ChoiceState {
  /** Calls in the order in which they began. */
  calls: CallState[];
  /** The call that a piece without a place belongs to. */
  last: CallState | null;
  finished: boolean;
  begun: boolean;
}

interface CallState {
  index: number;
  /** The index that the provider gives. */
  given: number | null;
  id: string;
  /** Whether its name came. */
  named: boolean;
  /** Whether its first piece was passed on. */
  begun: boolean;
  /** Its arguments so far. */
  text: string;
  /** The number of checks whether it is complete. */
  looks: number;
}

/** Arguments that are not whole by then are those of a provider that repeats names. */
const mostLooks = 16;

export function newChoiceState(): ChoiceState {
  return { calls: [], last: null, finished: false, begun: false };
}

/** vLLM and OpenRouter call what the model thought `reasoning`. */
export function nameReasoning(delta: JsonObject): void {
  const { reasoning, reasoning_content: known } = delta;
  if (typeof reasoning === 'string' && typeof known !== 'string') delta['reasoning_content'] = reasoning;
}

/** Servers that answer in one piece put a `message` where a piece of it belongs; others leave the last piece out. */
export function takeMessageAsDelta(choice: JsonObject): JsonObject {
  const { delta, message } = choice;
  if (isObject(delta)) return delta;
  const taken = isObject(message) ? message : {};
  delete choice['message'];
  choice['delta'] = taken;
  return taken;
}

/** Mistral's reasoning models give content as a list of parts, some of which are thought. */
export function joinContentParts(delta: JsonObject): void {
  const { content } = delta;
  if (!Array.isArray(content)) return;
  const parts = objectsIn(content);
  delta['content'] = parts.map((part) => textIn(part['text'])).join('');
  const thought = parts
    .filter((part) => part['type'] === 'thinking')
    .map(
      (part) =>
        textIn(part['thinking']) +
        objectsIn(part['thinking'])
          .map((each) => textIn(each['text']))
          .join(''),
    )
    .join('');
  if (thought !== '') delta['reasoning_content'] = thought;
}

/** Some servers leave out who speaks, which clients want to know with the first piece. */
export function nameRole(delta: JsonObject, state: ChoiceState): void {
  if (!state.begun && typeof delta['role'] !== 'string') delta['role'] = 'assistant';
  state.begun = true;
}

/** The words of servers of other formats, and of TGI, for the end of a message. */
const otherNames: Readonly<Record<string, string>> = {
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
  function_call: 'tool_calls',
};

/** Some gateways write "" as the reason of every piece but the last, and reasons have other names elsewhere. */
export function nameFinish(choice: JsonObject): void {
  const given = textIn(choice['finish_reason']);
  const reason = given === '' ? null : Object.hasOwn(otherNames, given) ? otherNames[given] : given;
  if (choice['finish_reason'] !== reason) choice['finish_reason'] = reason;
}

/** Ollama and others end a message with calls as if it had none. */
export function finishWithCalls(choice: JsonObject, state: ChoiceState): void {
  if (state.calls.length > 0 && choice['finish_reason'] === 'stop') choice['finish_reason'] = 'tool_calls';
}

/** Ollama gives arguments as an object, others nothing where there are none. */
export function writeArguments(call: JsonObject): void {
  const { function: spec } = call;
  if (!isObject(spec)) return;
  const given = spec['arguments'];
  if (typeof given === 'string' || given === undefined) return;
  spec['arguments'] = given === null ? '' : JSON.stringify(given);
}

function isWhole(call: CallState): boolean {
  call.looks += 1;
  return call.looks <= mostLooks && parseObject(call.text).ok;
}

/**
 * Says which call a piece belongs to. Ollama leaves `index` out where a call comes in one piece; Gemini gives calls that
 * are made at once the same one, with ids of their own or none.
 */
export function placeCall(call: JsonObject, state: ChoiceState): CallState {
  const given = Number.isSafeInteger(call['index']) ? Number(call['index']) : null;
  const id = textIn(call['id']);
  const named = textIn(objectIn(call['function'])['name']) !== '';
  const known = given === null ? state.last : (state.calls.findLast((each) => each.given === given) ?? null);
  const isOther = known !== null && known.named && named && (id === '' ? isWhole(known) : id !== known.id);
  const isNew = known === null || isOther || (given === null && named && id === '');
  const placed = isNew ? { index: state.calls.length, given, id, named, begun: false, text: '', looks: 0 } : known;
  if (isNew) state.calls.push(placed);
  placed.named ||= named;
  if (placed.id === '') placed.id = id;
  placed.text += textIn(objectIn(call['function'])['arguments']);
  state.last = placed;
  if (call['index'] !== placed.index) call['index'] = placed.index;
  return placed;
}

/**
 * Calls without an id get one with their first piece, by which their results are assigned. Clients want the type there
 * too.
 */
export function nameCall(call: JsonObject, placed: CallState, turnId: string): void {
  if (placed.begun) return;
  placed.begun = true;
  if (call['type'] !== 'function') call['type'] = 'function';
  if (placed.id !== '') return;
  placed.id = `call_${turnId}_${placed.index}`;
  call['id'] = placed.id;
}

/** Moonshot gives the use within a choice, Groq in a field of its own. */
export function findUsage(chunk: JsonObject): void {
  if (isObject(chunk['usage'])) return;
  const inChoice = objectsIn(chunk['choices']).find((choice) => isObject(choice['usage']))?.['usage'];
  const found = inChoice ?? objectIn(chunk['x_groq'])['usage'];
  if (isObject(found)) chunk['usage'] = found;
}
