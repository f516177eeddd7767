import type { ToolOutcome } from '../chat/types.ts';
import type { JsonObject, Message, ToolCall, ToolMessage } from '../types.ts';
import type { VisitContext, ActiveRun } from './active-run.ts';
import type { VisitMessages } from './agent-node.ts';
import { textOf } from './messages.ts';
import { argumentsOf } from './prompts.ts';
import type { Finished } from './run-progress.ts';
import { NodeError, NodeWaits, type VisitedNode, type GraphEvent, type NodeQuestion } from './types.ts';
import { jsonIn } from './values.ts';

const longestText = 2_000;

async function toolOf(at: VisitedNode, { ports }: ActiveRun) {
  const port = await ports.tools(at);
  const [tool] = port.tools;
  const { server = '', name = '' } = at.node.tool ?? {};
  if (!tool) throw new NodeError({ code: 'noTool', server, tool: name });
  return { port, tool };
}

/** The call of a visit, as a model would have asked for it. */
export async function callOf(at: VisitedNode, { scope }: VisitContext, running: ActiveRun): Promise<Message[]> {
  const { tool } = await toolOf(at, running);
  const given = await argumentsOf(at.node, tool.function.parameters ?? {}, scope, running.ports.file);
  const spec = { name: tool.function.name, arguments: JSON.stringify(given) };
  return [{ role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: spec }] }];
}

function resultsIn(messages: readonly Message[]): ToolMessage[] {
  return messages.filter((message): message is ToolMessage => message.role === 'tool');
}

function callIn(messages: readonly Message[], number: number): ToolCall {
  const first = messages.find((message) => message.role === 'assistant')?.tool_calls?.[0];
  if (!first) throw new Error('A visit of a tool has no call.');
  return { ...first, id: `call_${number}` };
}

/** The owner's decision about a call that may have been made: `text` replaces its result. */
type Wanted = { type: 'call' } | { type: 'skip'; text: string } | { type: 'wait'; question: NodeQuestion };

async function wantedOf({ at, running: { ports } }: VisitMessages, call: ToolCall): Promise<Wanted> {
  if ((await ports.inDoubt?.(at, call)) !== true) return { type: 'call' };
  const { server = '', name = '' } = at.node.tool ?? {};
  const text = `${server}/${name} ${call.function.arguments}`.slice(0, longestText);
  const question = { ask: 'doubt' as const, text, targets: [] };
  const answer = await ports.answer(at, question);
  if (!answer) return { type: 'wait', question };
  return answer.repeat === true ? { type: 'call' } : { type: 'skip', text: answer.output };
}

/** The earlier failures of a visit, where they count towards its limit: a resumed visit has as many again. */
export function failuresBefore({ at: { node }, messages }: VisitMessages): number {
  const failures = resultsIn(messages).length;
  return failures > (node.attempts?.retries ?? 0) ? failures : 0;
}

/** Calls the tool of a node, once more for each try. `before`: failures that do not count. */
export async function* useTool(
  told: VisitMessages,
  before: number,
  signal: AbortSignal,
  attempt: number,
): AsyncGenerator<GraphEvent, Finished> {
  const { at, running } = told;
  const place = { node: at.name, visit: at.visit };
  const results = resultsIn(told.messages);
  const last = results.at(-1);
  if (last && last.is_error !== true) return { output: textOf(last), handoff: null };
  if (results.length - before > attempt) throw failed(at, last);
  const { port } = await toolOf(at, running);
  const call = callIn(told.messages, results.length + 1);
  const wanted = await wantedOf(told, call);
  if (wanted.type === 'wait') {
    yield { type: 'node_waits', ...place, question: wanted.question };
    throw new NodeWaits();
  }
  const begun = performance.now();
  if (wanted.type === 'call') yield { type: 'loop', ...place, event: { type: 'call', turn: 0, call } };
  const args = (jsonIn(call.function.arguments) ?? {}) as JsonObject;
  const outcome: ToolOutcome =
    wanted.type === 'call'
      ? await until(port.call(call, args, signal), signal)
      : { content: wanted.text, isError: false };
  const { content, isError, detail } = outcome;
  const message: ToolMessage = { role: 'tool', tool_call_id: call.id, content, ...(isError && { is_error: true }) };
  // The call has no result: the code that tries again, or resumes the run, asks its owner.
  if (isError && (await running.ports.inDoubt?.(at, call)) === true) throw failed(at, message);
  told.messages = [...told.messages, message];
  const ms = Math.round(performance.now() - begun);
  const event = { type: 'result' as const, turn: 0, call, message, ...(detail !== undefined && { detail }), ms };
  yield { type: 'loop', ...place, event };
  if (isError) throw failed(at, message);
  return { output: textOf(message), handoff: null };
}

function failed({ node }: VisitedNode, message: ToolMessage | undefined): NodeError {
  const text = message ? textOf(message).slice(0, longestText) : '';
  return new NodeError({ code: 'tool', tool: node.tool?.name ?? '', text });
}

/** The awaited value, or the signal's reason. */
async function until<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  function abort() {
    aborted.reject(signal.reason as Error);
  }
  signal.throwIfAborted();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    aborted.promise.catch(() => undefined);
    promise.catch(() => undefined);
  }
}
