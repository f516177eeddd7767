import type { Chunk, ChunkChoice, Delta, Tool, ToolCallDelta } from '../../types.ts';
import { createCodeWatch } from '../code-watch.ts';
import type { TurnReader } from '../dialogue.ts';
import { createNativeReader } from '../native.ts';
import { createTagScanner, type TagEvent } from '../tags.ts';
import { callOf } from './action.ts';

/** The most characters before a tag's end, of one action, and of all actions of an answer. */
const mostHead = 1200;
const mostBody = 5000;
const mostOfAll = 50_000;
/** More actions of one answer are left out. */
const mostActions = 256;

/**
 * Reads answers in which calls are written as tags: gives chunks as a model with function calling has them. A possible
 * start of a tag is held back until it is clear, so that no half of one is ever shown. Tags inside of Markdown code are
 * shown, and not carried out.
 */
export function createActionReader(turn: number, taken: Set<string>, tools: readonly Tool[]): TurnReader {
  const native = createNativeReader(turn, taken);
  const known = new Map(tools.map((tool) => [tool.function.name, tool]));
  const scanner = createTagScanner(['tool_action', 'action', 'tool_output'], {
    head: mostHead,
    body: mostBody,
    accepts: isOurs,
    code: createCodeWatch(),
  });
  let last: Chunk | null = null;
  let actions = 0;
  let length = 0;

  function callIn(event: TagEvent): ToolCallDelta[] {
    // A name that is not whole names nothing.
    if (event.type === 'text' || event.name === null || actions >= mostActions) return [];
    // Results come from the system only: those that a model invents are not shown.
    if (event.name === 'tool_output' || !isOurs(event.name, event.attributes)) return [];
    length += event.body.length;
    const { name, arguments: text } = callOf(length > mostOfAll ? { ...event, type: 'broken' } : event, known);
    actions += 1;
    return [{ index: actions - 1, id: '', type: 'function', function: { name, arguments: text } }];
  }
  function deltaOf(events: readonly TagEvent[]): { content: string; tool_calls?: ToolCallDelta[] } {
    const content = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
    const calls = events.flatMap(callIn);
    return { content, ...(calls.length > 0 && { tool_calls: calls }) };
  }
  function readChoice(choice: ChunkChoice): ChunkChoice {
    const { tool_calls: _, ...said } = choice.delta;
    const given = typeof said.content === 'string' ? said.content : '';
    const isEnd = choice.finish_reason !== null;
    const found = deltaOf([...(given === '' ? [] : scanner.push(given)), ...(isEnd ? scanner.end() : [])]);
    const delta: Delta = found.content === given ? { ...said } : { ...said, content: found.content };
    if (found.tool_calls !== undefined) delta.tool_calls = found.tool_calls;
    const finish = choice.finish_reason === 'stop' && actions > 0 ? 'tool_calls' : choice.finish_reason;
    return { ...choice, delta, finish_reason: finish };
  }

  return {
    add(chunk) {
      last = chunk;
      const choices = chunk.choices.map((choice) => (choice.index === 0 ? readChoice(choice) : choice));
      if (choices.length > 0 && choices.every((choice, at) => isHeld(choice, chunk.choices[at])) && !chunk.usage) {
        return null;
      }
      return native.add({ ...chunk, choices });
    },
    end() {
      const delta = deltaOf(scanner.end());
      if (last === null || (delta.content === '' && delta.tool_calls === undefined)) return null;
      const { usage: _, ...head } = last;
      return native.add({ ...head, choices: [{ index: 0, delta, finish_reason: null }] });
    },
    answer: () => native.answer(),
  };
}

/** Other formats have elements of the shorter names. */
function isOurs(name: string, attributes: ReadonlyMap<string, string>): boolean {
  return name === 'tool_action' || attributes.has('name');
}

/** Whether all that a choice had to say was held back. */
function isHeld({ delta, finish_reason: finish }: ChunkChoice, before: ChunkChoice | undefined): boolean {
  const given = before?.delta.content;
  const isEmpty = Object.entries(delta).every(([name, value]) => name === 'content' && value === '');
  return isEmpty && finish === null && typeof given === 'string' && given !== '';
}
