import { schemaCheck } from '../simulator/schema/check.ts';
import type { JsonObject, Message, UserMessage } from '../types.ts';
import type { GraphNode } from './schema.ts';
import { jsonWithin, whyUnread } from './values.ts';

const longestProblem = 1_000;

type Structured = Pick<GraphNode, 'output_schema' | 'kind'>;

/** The schema of what a model answers at a node; null where it may answer anything. */
export function schemaOf({ output_schema: schema, kind }: Structured): JsonObject | null {
  return schema && (kind ?? 'agent') === 'agent' ? schema : null;
}

/** Whether the output of a node is JSON, whose fields templates may name. */
export function hasFields(node: Structured): boolean {
  return schemaOf(node) !== null || node.kind === 'tool' || node.kind === 'each';
}

/** How a model is asked for JSON, also where its provider cannot be; empty where anything will do. */
export function schemaRequest(node: Structured): string {
  const schema = schemaOf(node);
  return schema === null
    ? ''
    : `Answer with JSON alone, without any other text, that fits this JSON Schema:\n${JSON.stringify(schema)}`;
}

/** A model's answer as JSON that fits, or the reason why it does not. */
export function readStructured(schema: JsonObject, answer: string): { json: string } | { problem: string } {
  const read = jsonWithin(answer);
  if (!read) return { problem: whyUnread(answer) };
  const problems = schemaCheck(schema)(read.value);
  if (problems.length === 0) return { json: read.json };
  const told = problems.map(({ path, message }) => `${path === '' ? 'the whole' : path} ${message}`).join('; ');
  return { problem: told.slice(0, longestProblem) };
}

function isAnswer(message: Message): message is Message & { role: 'assistant'; content: string | null } {
  return message.role === 'assistant' && (message.tool_calls ?? []).length === 0;
}

/** Answers of the model that were not to be the last. */
export function answersIn(messages: readonly Message[]): number {
  return messages.filter(isAnswer).length;
}

/**
 * The messages with the corrections for a model's answers that do not fit: they follow from the answers, and are not
 * stored.
 */
export function withRepairs(schema: JsonObject, messages: readonly Message[]): Message[] {
  return messages.flatMap((message): Message[] => {
    if (!isAnswer(message)) return [message];
    const read = readStructured(schema, typeof message.content === 'string' ? message.content : '');
    if (!('problem' in read)) return [message];
    const repair: UserMessage = {
      role: 'user',
      content: `Your answer does not fit the JSON Schema: ${read.problem}. Answer again, with the whole JSON alone.`,
    };
    return [message, repair];
  });
}
