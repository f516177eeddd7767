import { isObject } from '@switchboard/basics';
import type {
  Accumulator,
  Answer,
  AnswerChoice,
  AssistantMessage,
  Chunk,
  ChunkChoice,
  FinishReason,
  JsonObject,
  ThinkingBlock,
  ToolCallDelta,
  Usage,
} from '../types.ts';
import { joinDetails } from './quirks/details.ts';

interface Call {
  id: string;
  name: string;
  arguments: string;
  extra: JsonObject | null;
}

/** The parts of one choice so far. */
interface ChoiceParts {
  content: string | null;
  refusal: string;
  reasoning: string;
  thinking: ThinkingBlock[];
  details: JsonObject[];
  calls: Map<number, Call>;
  finish: FinishReason | null;
}

/** Joins chunks while they come. */
export function createAccumulator(): Accumulator {
  const choices = new Map<number, ChoiceParts>();
  const head = { id: '', created: 0, model: '' };
  let usage: Usage | null = null;
  return {
    add(chunk) {
      if (head.id === '') Object.assign(head, { id: chunk.id, created: chunk.created, model: chunk.model });
      if (isObject(chunk.usage)) usage = chunk.usage;
      for (const choice of chunk.choices) addChoice(choices, choice);
    },
    answer(): Answer {
      const all = [...choices].sort(([a], [b]) => a - b).map(([index, parts]) => choiceOf(index, parts));
      const first = all[0] ?? choiceOf(0, newParts());
      const { message, finish_reason } = first;
      return { ...head, message, finish_reason, choices: all.length === 0 ? [first] : all, usage };
    },
  };
}

function newParts(): ChoiceParts {
  return { content: null, refusal: '', reasoning: '', thinking: [], details: [], calls: new Map(), finish: null };
}

function addChoice(choices: Map<number, ChoiceParts>, { index, delta, finish_reason: finish }: ChunkChoice): void {
  const parts = choices.get(index) ?? newParts();
  choices.set(index, parts);
  if (typeof delta.content === 'string') parts.content = (parts.content ?? '') + delta.content;
  if (typeof delta.refusal === 'string') parts.refusal += delta.refusal;
  if (typeof delta.reasoning_content === 'string') parts.reasoning += delta.reasoning_content;
  if (Array.isArray(delta.thinking_blocks)) parts.thinking.push(...delta.thinking_blocks);
  joinDetails(parts.details, delta.reasoning_details);
  if (Array.isArray(delta.tool_calls)) for (const call of delta.tool_calls) addCall(parts.calls, call);
  if (typeof finish === 'string') parts.finish = finish;
}

function addCall(calls: Map<number, Call>, { index, id, function: piece, extra_content: extra }: ToolCallDelta): void {
  const call = calls.get(index) ?? { id: '', name: '', arguments: '', extra: null };
  calls.set(index, call);
  // The first counts: some providers repeat names and ids, or make new ids for each piece.
  if (call.id === '' && typeof id === 'string') call.id = id;
  if (call.name === '' && typeof piece?.name === 'string') call.name = piece.name;
  if (typeof piece?.arguments === 'string') call.arguments += piece.arguments;
  if (isObject(extra)) call.extra = extra;
}

function choiceOf(index: number, parts: ChoiceParts): AnswerChoice {
  const { content, refusal, reasoning, thinking, details, calls, finish } = parts;
  const made = [...calls]
    .sort(([a], [b]) => a - b)
    .map(([, { id, name, arguments: text, extra }]) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: text },
      ...(extra !== null && { extra_content: extra }),
    }));
  const message: AssistantMessage = {
    role: 'assistant',
    content,
    ...(refusal !== '' && { refusal }),
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(thinking.length > 0 && { thinking_blocks: [...thinking] }),
    ...(details.length > 0 && { reasoning_details: [...details] }),
    ...(made.length > 0 && { tool_calls: made }),
  };
  return { index, message, finish_reason: finish };
}

/** Joins the chunks of a turn into one answer. Errors of the turn are thrown. */
export async function accumulate(chunks: AsyncIterable<Chunk> | Iterable<Chunk>): Promise<Answer> {
  const accumulator = createAccumulator();
  for await (const chunk of chunks) accumulator.add(chunk);
  return accumulator.answer();
}
