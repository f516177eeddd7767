import type { JsonObject } from '../types.ts';
import type { Reply } from './script.ts';
import { filled, newId, pieces, type Wire } from './wire.ts';

function event(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  tool_calls: 'tool_use',
  length: 'max_tokens',
};

function block(index: number, start: JsonObject, deltas: JsonObject[]): string[] {
  return [
    event('content_block_start', { index, content_block: start }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ];
}

function thoughtPieces(reasoning: string, reply: Reply): JsonObject[] {
  return [
    ...pieces(reasoning, reply).map((thinking) => ({ type: 'thinking_delta', thinking })),
    { type: 'signature_delta', signature: 'c2lnbmVk' },
  ];
}

/** Anthropic messages. */
export const anthropicWire: Wire = {
  events(reply, asked) {
    const { text, reasoning, calls, finish, usage } = filled(reply);
    const message = {
      id: newId('msg_'),
      type: 'message',
      role: 'assistant',
      model: asked['model'],
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: usage.prompt, output_tokens: 1 },
    };
    const thought = reasoning === '' ? 0 : 1;
    const said = text === '' ? 0 : 1;
    return {
      start: [
        event('message_start', { message }),
        event('ping', {}),
        ...(thought
          ? block(0, { type: 'thinking', thinking: '', signature: '' }, thoughtPieces(reasoning, reply))
          : []),
        ...(said ? [event('content_block_start', { index: thought, content_block: { type: 'text', text: '' } })] : []),
      ],
      text: pieces(text, reply).map((piece) =>
        event('content_block_delta', { index: thought, delta: { type: 'text_delta', text: piece } }),
      ),
      end: [
        ...(said ? [event('content_block_stop', { index: thought })] : []),
        ...calls.flatMap(({ name, arguments: given, id = newId('toolu_') }, at) =>
          block(
            thought + said + at,
            { type: 'tool_use', id, name, input: {} },
            pieces(JSON.stringify(given), reply).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
          ),
        ),
        event('message_delta', {
          delta: { stop_reason: stopReasons[finish] ?? finish, stop_sequence: null },
          usage: { output_tokens: usage.completion },
        }),
        event('message_stop', {}),
      ],
    };
  },
  whole(reply, asked) {
    const { text, reasoning, calls, finish, usage } = filled(reply);
    return {
      id: newId('msg_'),
      type: 'message',
      role: 'assistant',
      model: asked['model'],
      content: [
        ...(reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature: 'c2lnbmVk' }]),
        ...(text === '' ? [] : [{ type: 'text', text }]),
        ...calls.map(({ name, arguments: input, id = newId('toolu_') }) => ({ type: 'tool_use', id, name, input })),
      ],
      stop_reason: stopReasons[finish] ?? finish,
      stop_sequence: null,
      usage: { input_tokens: usage.prompt, output_tokens: usage.completion },
    };
  },
  error(status) {
    const types: Readonly<Record<number, string>> = {
      401: 'authentication_error',
      429: 'rate_limit_error',
      529: 'overloaded_error',
    };
    const type = types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
    return { type: 'error', error: { type, message: `Scripted failure ${status}.` } };
  },
  errorEvent: () => event('error', { error: { type: 'overloaded_error', message: 'Scripted failure in the stream.' } }),
};
