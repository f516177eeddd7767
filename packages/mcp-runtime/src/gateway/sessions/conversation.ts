import { randomUUID } from 'node:crypto';
import { isObject } from '@switchboard/basics';
import { type CancelSignal, Cancellation } from '../../hot/cancellation.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { JsonObject } from '../../types.ts';
import { cancelled } from '../../upstream/failures.ts';
import { encodeResult, type AskClient, type Result } from './peer.ts';
import { createUnheard, type NotificationSink } from './waiting-notifications.ts';

/** The next answer to a request of a 2026 client: its result, or questions first. */
export type Turn = { kind: 'result'; result: Result } | { kind: 'ask'; id: string; inputRequests: JsonObject };

/** A call on a session-era server that may stop to ask a client without a session. */
export interface Conversation {
  readonly id: string;
  readonly binding: string;
  readonly ask: AskClient;
  /** Notifies the client; notifications during parking are sent when the call is resumed. */
  readonly notify: NotificationSink;
  /** The receiver of notifications: the response that is open now, or none while parked. */
  listen(hear: NotificationSink | null): void;
  /** Waits for the call to finish or ask. */
  turn(): Promise<Turn>;
  /** Whether the next turn is the last. */
  ended(): boolean;
  /** Gives the client's answers to the questions asked. */
  answer(responses: unknown): void;
  abort(reason: string): void;
  readonly signal: CancelSignal;
}

interface Question {
  method: string;
  params: JsonObject;
  resolve(result: JsonObject): void;
}

/** Questions one call may have open. */
const most = 64;
/** Characters of a result that is kept while the client is still being asked. */
const mostKept = 1024 * 1024;

function tooLargeToKeep(chars: number): RpcError {
  const text = `The call ended while it waited for input, and its result of ${chars} characters is too large to be kept until then.`;
  return new RpcError(ErrorCode.server, text);
}

interface Context {
  readonly id: string;
  readonly cancellation: Cancellation;
  readonly questions: Map<string, Question>;
  counter: number;
  /** Told when there is something new to look at. */
  wake: (() => void) | null;
  flush: NodeJS.Immediate | undefined;
}

function put(context: Context, method: string, params: JsonObject, signal: CancelSignal): Promise<JsonObject> {
  const { questions, cancellation } = context;
  if (signal.aborted || cancellation.aborted) return Promise.reject(cancelled());
  if (questions.size >= most) {
    return Promise.reject(new RpcError(ErrorCode.server, `More than ${most} questions wait for an answer`));
  }
  const key = `ask-${++context.counter}`;
  return new Promise((resolve, reject) => {
    function done(): void {
      questions.delete(key);
      signal.removeEventListener('abort', cancel);
      cancellation.removeEventListener('abort', cancel);
    }
    function cancel(): void {
      done();
      reject(cancelled());
    }
    signal.addEventListener('abort', cancel, { once: true });
    cancellation.addEventListener('abort', cancel);
    questions.set(key, { method, params, resolve: (result) => (done(), resolve(result)) });
    // Questions asked in one go are put to the client together.
    context.flush ??= setImmediate(() => {
      context.flush = undefined;
      context.wake?.();
    });
  });
}

/** Begins a conversation; `run` starts once its caller has it in hand. */
export function createConversation(
  binding: string,
  run: (conversation: Conversation) => Result | Promise<Result>,
  done: () => void,
): Conversation {
  const context: Context = {
    id: randomUUID(),
    cancellation: new Cancellation(),
    questions: new Map(),
    counter: 0,
    wake: null,
    flush: undefined,
  };
  const { id, cancellation, questions } = context;
  let finished = false;
  let heard: NotificationSink | null = null;
  const unheard = createUnheard();

  async function turn(): Promise<Turn> {
    for (;;) {
      if (questions.size > 0 && !finished) {
        const asked = [...questions].map(([key, { method, params }]) => [key, { method, params }]);
        return { kind: 'ask', id, inputRequests: Object.fromEntries(asked) as JsonObject };
      }
      const woken = new Promise<null>((resolve) => {
        context.wake = () => resolve(null);
      });
      const result = await Promise.race([outcome, woken]);
      context.wake = null;
      if (result !== null) return { kind: 'result', result };
    }
  }

  const conversation: Conversation = {
    id,
    binding,
    signal: cancellation,
    notify: (method, params) => (heard ?? unheard.keep)(method, params),
    listen(hear) {
      heard = hear;
      if (hear !== null) unheard.tell(hear);
    },
    ask: (method, params, { signal }) => put(context, method, params, signal),
    turn,
    ended: () => finished,
    answer(responses) {
      if (!isObject(responses)) return;
      for (const [key, response] of Object.entries(responses)) {
        if (isObject(response)) questions.get(key)?.resolve(response);
      }
    },
    abort: (reason) => cancellation.abort(reason),
  };
  const outcome = Promise.resolve()
    .then(() => run(conversation))
    .then((result) => {
      const chars = heard === null ? encodeResult(0, result).length : 0;
      if (chars > mostKept) throw tooLargeToKeep(chars);
      return result;
    });
  function end(): void {
    finished = true;
    done();
  }
  outcome.then(end, end);
  return conversation;
}
