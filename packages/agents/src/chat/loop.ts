import type { Answer, AssistantMessage, Message, ToolMessage } from '../types.ts';
import { inOrderOfArrival } from './arrivals.ts';
import { callIds, createChecker, inOrder, openCalls, refuseAll, withResults, type CheckedCall } from './calls.ts';
import { nativeDialogue } from './native.ts';
import { toolActionDialogue } from './tool-action/dialogue.ts';
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
 * Takes turns of a model and carries out its calls until it is done. The loop depends on its input alone: called again
 * with the messages so far, it continues where it was. Errors of a turn and of the signal are thrown; a reader that
 * stops aborts the running work, between two events at once and otherwise by the signal.
 */
export async function* runLoop(input: LoopInput): AsyncGenerator<LoopEvent, LoopEnd, undefined> {
  const { tools: port, mostTurns = 10 } = input;
  const dialogue = input.protocol === 'tool_action' ? toolActionDialogue(port.tools) : nativeDialogue();
  const checker = createChecker(port.tools, dialogue.rules);
  const stop = new AbortController();
  const signal = AbortSignal.any([input.signal, stop.signal]);
  const ids = callIds(input.messages);
  let messages: readonly Message[] = input.messages;
  const added: (AssistantMessage | ToolMessage)[] = [];
  let open = openCalls(checker, messages);
  let turn = (input.firstTurn ?? (open.length > 0 ? 2 : 1)) - 1;
  let cut: ReturnType<typeof cutOf> = null;
  try {
    for (;;) {
      const over = cut ?? (turn >= mostTurns ? 'turns' : checker.wrongTurns() > mostWrongTurns ? 'calls' : null);
      if (open.length > 0) {
        const calls = open.map(({ call }) => call);
        const results = yield* carryOut(over === null ? open : refuseAll(calls, refusals[over]), port, signal, turn);
        added.push(...inOrder(messages, results));
        messages = withResults(messages, results);
      }
      if (over !== null) return { reason: over, turns: turn, messages: added };
      signal.throwIfAborted();

      turn += 1;
      yield { type: 'turn', turn };
      const reader = dialogue.read(turn, ids);
      const offered = port.offered?.(messages) ?? port.tools;
      const said = dialogue.toModel(messages, offered);
      for await (const chunk of input.takeTurn(said, dialogue.functions(offered), signal, turn)) {
        const shown = reader.add(chunk);
        if (shown !== null) yield { type: 'chunk', turn, chunk: shown };
      }
      // A turn that ends at the signal without a word is not whole.
      signal.throwIfAborted();
      const rest = reader.end();
      if (rest !== null) yield { type: 'chunk', turn, chunk: rest };
      const answer = reader.answer();
      messages = [...messages, answer.message];
      added.push(answer.message);
      yield { type: 'answer', turn, answer };

      open = checker.check(answer.message.tool_calls ?? []);
      cut = cutOf(answer);
      if (open.length === 0) return { reason: cut ?? 'stop', turns: turn, messages: added };
    }
  } catch (error) {
    // Aborted work fails with an error of its own.
    input.signal.throwIfAborted();
    throw error;
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
  for (const { call, refusal } of checked) {
    signal.throwIfAborted();
    if (refusal === null) yield { type: 'call', turn, call };
  }
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
