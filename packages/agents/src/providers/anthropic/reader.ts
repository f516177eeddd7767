import { isObject } from '@switchboard/basics';
import type { Chunk, Delta, JsonObject, Usage } from '../../types.ts';
import type { StreamEvent } from '../events.ts';
import type { AnswerReader, ReaderContext } from '../format.ts';
import { objectIn, objectsIn, parseObject, textIn } from '../json.ts';
import { createBlocks } from './blocks.ts';
import { addUsage, mergeUsage, usageOf } from './usage.ts';

const finishReasons: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'content_filter',
};

/** Reads an answer of Anthropic's format, and gives it as chunks of OpenAI's. */
export function createAnthropicReader(context: ReaderContext): AnswerReader {
  const { failures } = context;
  const head = { id: `msg-${context.turnId}`, model: context.model.model, begun: false };
  const blocks = createBlocks(context);
  let used: JsonObject = {};
  /** The use of the earlier requests of this turn, where the provider paused. */
  let before: JsonObject = {};
  let state: 'open' | 'finished' | 'over' = 'open';
  let paused = false;

  function chunk(delta: Delta, finish: string | null = null): Chunk {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    return { ...headOf(), choices };
  }
  function headOf() {
    return { id: head.id, object: 'chat.completion.chunk' as const, created: context.created, model: head.model };
  }
  function usageChunk(): Chunk {
    const usage: Usage = usageOf(addUsage(before, used));
    return { ...headOf(), choices: [], usage };
  }

  function begin(message: JsonObject): Chunk[] {
    used = mergeUsage(used, message['usage']);
    if (head.begun) return [];
    head.begun = true;
    head.id = textIn(message['id']) || head.id;
    head.model = textIn(message['model']) || head.model;
    return [chunk({ role: 'assistant', content: '' })];
  }

  function finish(delta: JsonObject, usage: unknown): Chunk[] {
    used = mergeUsage(used, usage);
    const reason = textIn(delta['stop_reason']);
    if (reason === '') return [];
    paused = reason === 'pause_turn';
    state = 'finished';
    if (paused) return [];
    const refusal = reason === 'refusal' ? refusalOf(delta) : null;
    return [
      ...(refusal === null ? [] : [chunk({ refusal })]),
      chunk({}, finishReasons[reason] ?? reason),
      usageChunk(),
    ];
  }

  function read(type: string, event: JsonObject): Chunk[] {
    const index = Number.isSafeInteger(event['index']) ? Number(event['index']) : 0;
    switch (type) {
      case 'message_start':
        return begin(objectIn(event['message']));
      case 'content_block_start':
        return blocks.start(index, objectIn(event['content_block'])).map((delta) => chunk(delta));
      case 'content_block_delta':
        return blocks.add(index, objectIn(event['delta'])).map((delta) => chunk(delta));
      case 'content_block_stop':
        return blocks.end(index).map((delta) => chunk(delta));
      case 'message_delta':
        return finish(objectIn(event['delta']), event['usage']);
      case 'message_stop':
        if (state === 'open') return [...finish({ stop_reason: 'end_turn' }, null), ...over()];
        return over();
      case 'error':
        throw failures.refused(failures.read(null, event));
      default:
        return [];
    }
  }
  function over(): Chunk[] {
    state = 'over';
    return [];
  }

  return {
    event({ name, data, last }: StreamEvent) {
      if (state === 'over' || data === '' || data.trim() === '[DONE]') return [];
      const parsed = parseObject(data);
      if (parsed.ok) {
        if (isObject(parsed.value['error'])) throw failures.refused(failures.read(null, parsed.value));
        return read(textIn(parsed.value['type']) || name, parsed.value);
      }
      if (name === 'error') throw failures.refused(failures.read(null, data));
      const cut = 'The answer was cut off in the middle of an event.';
      throw failures.of('protocol', last ? cut : `An event of the answer ${parsed.why}.`);
    },
    whole(body) {
      if (isObject(body['error'])) throw failures.refused(failures.read(null, body));
      if (!Array.isArray(body['content'])) {
        throw failures.of('protocol', 'The answer is JSON, but no answer of a model.');
      }
      const begun = begin(body);
      const content = objectsIn(body['content']).flatMap((block, index) => [
        ...blocks.start(index, block),
        ...blocks.end(index),
      ]);
      const ended = finish({ ...body, stop_reason: textIn(body['stop_reason']) || 'end_turn' }, null);
      return [...begun, ...content.map((delta) => chunk(delta)), ...ended, ...over()];
    },
    end() {
      if (state !== 'open') return;
      throw failures.of('protocol', head.begun ? 'The answer was cut off.' : 'The answer ended before it began.');
    },
    state: () => state,
    goOn(body) {
      if (!paused) return null;
      const content = blocks.take();
      before = addUsage(before, used);
      used = {};
      paused = false;
      state = 'open';
      return { ...body, messages: [...objectsIn(body['messages']), { role: 'assistant', content }] };
    },
  };
}

function refusalOf(delta: JsonObject): string {
  return textIn(objectIn(delta['stop_details'])['explanation']) || 'The model refuses to go on.';
}
