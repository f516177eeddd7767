import { objectIn } from '../providers/json.ts';
import type { JsonObject } from '../types.ts';
import type { Reply } from './script.ts';
import { filled, newId, pieces, type Wire } from './wire.ts';

function line(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function usageOf({ prompt, completion }: { prompt: number; completion: number }): JsonObject {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** OpenAI chat completions. */
export const openaiWire: Wire = {
  events(reply, asked) {
    const { text, reasoning, calls, finish, usage } = filled(reply);
    const head = {
      id: newId('chatcmpl-'),
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: asked['model'],
      system_fingerprint: 'fp_scripted',
    };
    function chunk(delta: JsonObject, reason: string | null = null) {
      return line({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }] });
    }
    const callPieces = calls.flatMap(({ name, arguments: given, id = newId('call_') }, index) => [
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...pieces(JSON.stringify(given), reply).map((piece) =>
        chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
      ),
    ]);
    const wantsUsage = objectIn(asked['stream_options'])['include_usage'] === true;
    return {
      start: [
        chunk({ role: 'assistant', content: '' }),
        ...pieces(reasoning, reply).map((piece) => chunk({ reasoning_content: piece })),
      ],
      text: pieces(text, reply).map((piece) => chunk({ content: piece })),
      end: [
        ...callPieces,
        chunk({}, finish),
        ...(wantsUsage ? [line({ ...head, choices: [], usage: usageOf(usage) })] : []),
        'data: [DONE]\n\n',
      ],
    };
  },
  whole(reply: Reply, asked) {
    const { text, reasoning, calls, finish, usage } = filled(reply);
    const made = calls.map(({ name, arguments: given, id = newId('call_') }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(given) },
    }));
    const message = {
      role: 'assistant',
      content: text === '' ? null : text,
      refusal: null,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(made.length > 0 && { tool_calls: made }),
    };
    return {
      id: newId('chatcmpl-'),
      object: 'chat.completion',
      created: 1_700_000_000,
      model: asked['model'],
      choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
      usage: usageOf(usage),
    };
  },
  error(status) {
    const type = status === 429 ? 'rate_limit_exceeded' : status >= 500 ? 'server_error' : 'invalid_request_error';
    return { error: { message: `Scripted failure ${status}.`, type, param: null, code: null } };
  },
  errorEvent: () => line({ error: { message: 'Scripted failure in the stream.', type: 'server_error', code: null } }),
};
