import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../types.ts';
import type { Refusal } from '../failures.ts';
import type { RequestChange } from '../format.ts';
import { objectIn, objectsIn } from '../json.ts';

/** Whether a provider refuses a request for one of these words. */
export function refuses({ status, message }: Refusal, ...words: string[]): boolean {
  if (status !== 400 && status !== 404 && status !== 422 && status !== 501) return false;
  const text = message.toLowerCase();
  return words.some((word) => text.includes(word));
}

/** A body without these fields. */
export function without(body: JsonObject, ...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** Servers with a strict schema do not know `stream_options`; the use is then not in the stream. */
export const noStreamOptions: RequestChange = {
  name: 'noStreamOptions',
  wants: (refusal, body) => 'stream_options' in body && refuses(refusal, 'stream_options', 'include_usage'),
  change: (body) => without(body, 'stream_options'),
};

/** Reasoning models of OpenAI know only `max_completion_tokens`. */
export const newTokenLimit: RequestChange = {
  name: 'newTokenLimit',
  undoes: 'oldTokenLimit',
  wants: (refusal, body) => 'max_tokens' in body && refuses(refusal, 'max_completion_tokens'),
  change: ({ max_tokens: limit, ...body }) => (limit === undefined ? body : { max_completion_tokens: limit, ...body }),
};

/** Most others know only `max_tokens`, and name what they do not know. */
export const oldTokenLimit: RequestChange = {
  name: 'oldTokenLimit',
  undoes: 'newTokenLimit',
  wants: (refusal, body) =>
    'max_completion_tokens' in body && !('max_tokens' in body) && refuses(refusal, 'max_completion_tokens'),
  change: ({ max_completion_tokens: limit, ...body }) => (limit === undefined ? body : { max_tokens: limit, ...body }),
};

/** Servers that check messages strictly do not know the reasoning of earlier turns. */
export const noReasoningBack: RequestChange = {
  name: 'noReasoningBack',
  wants: (refusal, body) =>
    objectsIn(body['messages']).some((message) => thoughts.some((name) => name in message)) &&
    refuses(refusal, ...thoughts),
  change: (body) => ({
    ...body,
    messages: objectsIn(body['messages']).map((message) => without(message, ...thoughts)),
  }),
};

const thoughts = ['reasoning_content', 'reasoning_details'];

/** Some servers do not know that calls may be made at once, or not. */
export const noParallelWord: RequestChange = {
  name: 'noParallelWord',
  wants: (refusal, body) => 'parallel_tool_calls' in body && refuses(refusal, 'parallel_tool_calls'),
  change: (body) => without(body, 'parallel_tool_calls'),
};

/** Models that think take no settings of chance, or their own alone. */
export const noSampling: RequestChange = {
  name: 'noSampling',
  // A value that is out of range is for the person who set it to correct.
  wants: (refusal, body) =>
    refuses(refusal, ...ofNoUse) && sampling.some((name) => name in body && refuses(refusal, name)),
  change: (body) => without(body, ...sampling),
};

const ofNoUse = ['support', 'deprecated', 'not permitted', 'not allowed', 'unknown', 'unrecognized', 'unexpected'];
const sampling = ['temperature', 'top_p', 'top_k', 'presence_penalty', 'frequency_penalty'];

/** Many models cannot be held to a form of their answer: a caller that wants one checks it. */
export const noFormat: RequestChange = {
  name: 'noFormat',
  wants: (refusal, body) =>
    formats.some((name) => name in body) &&
    refuses(refusal, ...formats, 'json_schema', 'json schema', 'response format', 'structured output'),
  change: ({ output_config: config, ...body }) => {
    const { format: _format, ...further } = objectIn(config);
    return { ...without(body, 'response_format'), ...(Object.keys(further).length > 0 && { output_config: further }) };
  },
};

const formats = ['response_format', 'output_config'];

/** Servers that compile schemas refuse references, which are then written out as far as they end. */
export const noReferences: RequestChange = {
  name: 'noReferences',
  wants: (refusal, body) => JSON.stringify(body['tools'] ?? null).includes('"$ref"') && refuses(refusal, '$ref'),
  change: (body) => ({ ...body, tools: objectsIn(body['tools']).map(inlinedTool) }),
};

/** The schema is in the tool in Anthropic's format, and in its function in OpenAI's. */
function inlinedTool(tool: JsonObject): JsonObject {
  const { function: spec, input_schema: schema } = tool;
  if (isObject(schema)) return { ...tool, input_schema: inlined(schema) };
  if (!isObject(spec) || !isObject(spec['parameters'])) return tool;
  return { ...tool, function: { ...spec, parameters: inlined(spec['parameters']) } };
}

/** Values that the references of one schema may be written out to. */
const mostInlined = 5000;

/** A schema with its own definitions in the place of references; one that leads back to itself allows anything. */
export function inlined(schema: JsonObject): JsonObject {
  let left = mostInlined;
  function written(value: unknown, within: readonly string[]): unknown {
    left -= 1;
    if (left < 0) return {};
    if (Array.isArray(value)) return value.map((each) => written(each, within));
    if (!isObject(value)) return value;
    const { $ref: reference, ...rest } = value;
    if (typeof reference === 'string') {
      const target = within.includes(reference) ? undefined : pointed(schema, reference);
      return { ...(isObject(target) ? objectIn(written(target, [...within, reference])) : {}), ...rest };
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, written(each, within)]));
  }
  return objectIn(written(without(schema, '$defs', 'definitions'), []));
}

/** The target of a reference within the same document. */
function pointed(schema: JsonObject, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => {
      const name = decodePart(part);
      return isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
    }, schema);
}

function decodePart(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
