import type { Answer, AssistantMessage, ToolMessage } from '../types.ts';
import { inOrderOfArrival } from './arrivals.ts';
import {
  callIds,
  checkCalls,
  inOrder,
  isWrong,
  lastAnswer,
  openCalls,
  refuseAll,
  wrongTurns,
  type CheckedCall,
} from './calls.ts';
import { createNativeReader } from './native.ts';
import type { LoopEnd, LoopEvent, LoopInput, ToolsPort } from './types.ts';

/** Turns that may ask for what cannot be called: the next one ends the run. */
const mostWrongTurns = 2;

const cutOff = 'The call was not made: the answer was ended before it was whole.';
const refusals = {
  length: cutOff,
  content_filter: cutOff,
  turns: 'The call was not made: the conversation may have no more turns.',
  calls: 'The call was not made: the model asked too often for what cannot be called.',
};

/**
 * Takes turns of a model and carries out the calls that it asks for until it is done. It depends on nothing but what it is
 * given: called again with the messages so far, it goes on where it was. What the turn or the signal fails with is thrown;
 * whoever stops reading aborts what is under way, between two events at once and otherwise by the signal.
 */
export async function* runLoop(input: LoopInput): AsyncGenerator<LoopEvent, LoopEnd, undefined> {
  const { tools: port, mostTurns = 10 } = input;
  if (input.protocol === 'tool_action') throw new Error('The protocol tool_action is not served.');
  const stop = new AbortController();
  const signal = AbortSignal.any([input.signal, stop.signal]);
  const ids = callIds(input.messages);
  let messages = [...input.messages];
  const added: (AssistantMessage | ToolMessage)[] = [];
  let wrong = wrongTurns(messages, port.tools);
  let open = openCalls(lastAnswer(messages));
  let turn = (input.firstTurn ?? (open.length > 0 ? 2 : 1)) - 1;
  let cut: ReturnType<typeof cutOf> = null;
  try {
    for (;;) {
      const over = cut ?? (turn >= mostTurns ? 'turns' : wrong > mostWrongTurns ? 'calls' : null);
      if (open.length > 0) {
        const checked = over === null ? checkCalls(open, port.tools) : refuseAll(open, refusals[over]);
        const results = yield* carryOut(checked, port, signal, turn);
        const { calls, results: known } = lastAnswer(messages);
        messages = [...messages.slice(0, messages.length - known.length), ...inOrder(calls, [...known, ...results])];
        added.push(...inOrder(calls, results));
      }
      if (over !== null) return { reason: over, turns: turn, messages: added };
      signal.throwIfAborted();

      turn += 1;
      yield { type: 'turn', turn };
      const reader = createNativeReader(turn, ids);
      for await (const chunk of input.takeTurn(messages, port.tools, signal, turn)) {
        yield { type: 'chunk', turn, chunk: reader.add(chunk) };
      }
      // A turn that ends at the signal without a word is not whole.
      signal.throwIfAborted();
      const answer = reader.answer();
      messages = [...messages, answer.message];
      added.push(answer.message);
      yield { type: 'answer', turn, answer };

      open = answer.message.tool_calls ?? [];
      cut = cutOf(answer);
      if (open.length === 0) return { reason: cut ?? 'stop', turns: turn, messages: added };
      if (isWrong(checkCalls(open, port.tools))) wrong += 1;
    }
  } finally {
    stop.abort();
  }
}

/** Whether the provider ended it before the model did. */
function cutOf({ finish_reason: reason }: Answer): 'length' | 'content_filter' | null {
  if (reason === 'length') return 'length';
  return reason === 'content_filter' ? 'content_filter' : null;
}

interface Result {
  message: ToolMessage;
  detail?: unknown;
}

/** Carries out the calls of one turn, all at once; gives their results in the order of the calls. */
async function* carryOut(
  checked: readonly CheckedCall[],
  port: ToolsPort,
  signal: AbortSignal,
  turn: number,
): AsyncGenerator<LoopEvent, ToolMessage[], undefined> {
  for (const { call, refusal } of checked) if (refusal === null) yield { type: 'call', turn, call };
  signal.throwIfAborted();
  const works = checked.map(async (each) => {
    const begun = performance.now();
    const result = await resultOf(each, port, signal);
    return { call: each.call, ms: Math.round(performance.now() - begun), ...result };
  });
  const results: ToolMessage[] = [];
  for await (const { call, ms, message, detail } of inOrderOfArrival(works, signal)) {
    results.push(message);
    yield { type: 'result', turn, call, message, ...(detail !== undefined && { detail }), ms };
  }
  return results;
}

async function resultOf(checked: CheckedCall, port: ToolsPort, signal: AbortSignal): Promise<Result> {
  const head = { role: 'tool' as const, tool_call_id: checked.call.id };
  if (checked.refusal !== null) return { message: { ...head, content: checked.refusal, is_error: true } };
  const { content, isError, detail } = await port.call(checked.call, checked.args, signal);
  return { message: { ...head, content, ...(isError && { is_error: true }) }, detail };
}
