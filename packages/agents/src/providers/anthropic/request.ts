import { isObject } from '@switchboard/basics';
import type { JsonObject, Message, Model, Parameters, Tool, ToolChoice } from '../../types.ts';
import type { TurnRequest } from '../format.ts';
import { countIn, objectIn, textIn } from '../json.ts';
import { wholeCalls } from '../messages.ts';
import { toolSchema } from '../tool-schema.ts';
import { splitMessages } from './messages.ts';
import { thinkingBudgets } from './thinking.ts';

/** The format wants a limit in each request. */
const defaultMaxTokens = 8192;

/** Marks what stays the same from turn to turn, so that it is read from a cache. */
const cached = { cache_control: { type: 'ephemeral' } };

/** The body of a request in Anthropic's format. */
export function anthropicBody(model: Model, { messages, tools, parameters, stream }: TurnRequest): JsonObject {
  const offered = model.abilities?.tools === false ? [] : tools;
  const { system, messages: sent } = splitMessages(wholeCalls(messages), model);
  return {
    ...settings(parameters, model),
    ...model.extraBody,
    model: model.model,
    ...(system.length > 0 && { system: markLast(system) }),
    messages: sent,
    ...(toolsOf(offered, parameters, model) ?? toolsOfCalls(messages)),
    stream,
  };
}

function markLast(blocks: JsonObject[]): JsonObject[] {
  return blocks.map((block, at) => (at === blocks.length - 1 ? { ...block, ...cached } : block));
}

/** The settings that the format knows, by its own names; it refuses all others. */
function settings(given: Parameters, model: Model): JsonObject {
  const { temperature, top_p: topP, top_k: topK, stop, max_tokens: limit, max_completion_tokens: newLimit } = given;
  const stops = [stop ?? given['stop_sequences'] ?? []].flat().filter((each) => textIn(each).trim() !== '');
  const thinking = thinkingOf(given, model);
  const tier = given['service_tier'];
  return {
    max_tokens: countIn(newLimit) || countIn(limit) || defaultMaxTokens,
    ...thinking,
    // It thinks at one temperature, and takes one of the two otherwise.
    ...(!('thinking' in thinking) && {
      ...(temperature !== undefined
        ? { temperature: Math.min(1, temperature) }
        : topP !== undefined && { top_p: topP }),
      ...(topK !== undefined && { top_k: topK }),
    }),
    ...(stops.length > 0 && { stop_sequences: stops }),
    ...(isObject(given['metadata']) && { metadata: given['metadata'] }),
    ...((tier === 'auto' || tier === 'standard_only') && { service_tier: tier }),
  };
}

/** The settings about thoughts and about the form of the answer. */
function thinkingOf(given: Parameters, model: Model): JsonObject {
  const { thinking, reasoning_effort: effort, response_format: format, output_config: config } = given;
  const schema = objectIn(format?.['json_schema'])['schema'];
  const wanted = effort !== undefined && effort in thinkingBudgets && model.abilities?.reasoning !== false;
  const output = {
    ...objectIn(config),
    ...(format?.['type'] === 'json_schema' && isObject(schema) && { format: { type: 'json_schema', schema } }),
    ...(wanted && { effort }),
  };
  return {
    ...(isObject(thinking) && thinking['type'] !== 'disabled' && { thinking }),
    ...(wanted && !isObject(thinking) && { thinking: { type: 'adaptive' } }),
    ...(Object.keys(output).length > 0 && { output_config: output }),
  };
}

function toolsOf(
  tools: readonly Tool[],
  { tool_choice: choice, parallel_tool_calls: parallel }: Parameters,
  model: Model,
) {
  // Tools of the provider itself are in the model's own body.
  const own = model.extraBody?.['tools'];
  const offered = [
    ...(Array.isArray(own) ? own.filter(isObject) : []),
    ...tools.map(({ function: { name, description, parameters, strict } }) => ({
      name,
      ...(description !== undefined && description !== '' && { description }),
      input_schema: toolSchema(parameters),
      ...(strict === true && { strict }),
    })),
  ];
  if (offered.length === 0) return null;
  const chosen = choice === undefined && parallel === false ? { type: 'auto' } : choiceOf(choice);
  const once = parallel === false && chosen?.type !== 'none' && { disable_parallel_tool_use: true };
  return { tools: markLast(offered), ...(chosen !== null && { tool_choice: { ...chosen, ...once } }) };
}

/** Calls in what was said want their tools, also where none is offered any more: what they are called is enough. */
function toolsOfCalls(messages: readonly Message[]): JsonObject {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []));
  const names = [...new Set(calls.map(({ function: { name } }) => name))];
  if (names.length === 0) return {};
  return { tools: names.map((name) => ({ name, input_schema: toolSchema({}) })), tool_choice: { type: 'none' } };
}

function choiceOf(choice: ToolChoice | undefined): { type: string; name?: string } | null {
  switch (choice) {
    case undefined:
      return null;
    case 'required':
      return { type: 'any' };
    case 'auto':
    case 'none':
      return { type: choice };
    default:
      return { type: 'tool', name: choice.function.name };
  }
}
