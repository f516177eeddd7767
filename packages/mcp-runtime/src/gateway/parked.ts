import { randomUUID } from 'node:crypto';

import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import type { JsonObject } from '../types.ts';
import type { AskClient, Result } from './peer.ts';

/** What a request of a 2026 client comes to next: its result, or questions to answer first. */
export type Turn = { kind: 'result'; result: Result } | { kind: 'ask'; id: string; inputRequests: JsonObject };

/** A call on a session-era server that may stop to ask a client without a session. */
export interface Conversation {
  readonly id: string;
  readonly binding: string;
  readonly ask: AskClient;
  /** Where notifications go: the response that is open now, or nowhere while parked. */
  onNotification: ((method: string, params: JsonObject) => void) | null;
  /** Waits for the call to finish or ask. */
  turn(): Promise<Turn>;
  /** Gives the client's answers to the questions asked. */
  answer(responses: unknown): void;
  abort(reason: string): void;
  readonly signal: AbortSignal;
}

/** Calls waiting for input of clients without sessions (design: 5 minutes, 32 a credential). */
export interface ParkingLot {
  start(credential: string, binding: string, run: (conversation: Conversation) => Promise<Result>): Conversation;
  /** A parked call; throws RpcError where it is gone or another's. */
  resume(id: string, binding: string): Conversation;
  /** Starts the clock of a call that waits for its client. */
  park(conversation: Conversation): void;
  count(): number;
  close(): void;
}

interface Question {
  method: string;
  params: JsonObject;
  resolve(result: JsonObject): void;
  reject(error: unknown): void;
}

interface Held {
  conversation: Conversation;
  credential: string;
  timer: NodeJS.Timeout | null;
}

export interface ParkingOptions {
  waitMs: number;
  perCredential: number;
}

function createConversation(
  binding: string,
  done: () => void,
): Conversation & { settle(outcome: Promise<Result>): void } {
  const controller = new AbortController();
  const questions = new Map<string, Question>();
  let outcome: Promise<Result> | null = null;
  let wake: (() => void) | null = null;
  let counter = 0;
  let flush: NodeJS.Immediate | undefined;

  const asked = (): JsonObject =>
    Object.fromEntries(
      [...questions].map(([key, question]) => [key, { method: question.method, params: question.params }]),
    );

  const conversation = {
    id: randomUUID(),
    binding,
    signal: controller.signal,
    onNotification: null as Conversation['onNotification'],
    ask: ((method, params, { signal }) =>
      new Promise((resolve, reject) => {
        const key = `ask-${++counter}`;
        const cancel = (): void => {
          questions.delete(key);
          reject(new RpcError(ErrorCode.server, 'Request cancelled', { cancelled: true }));
        };
        signal.addEventListener('abort', cancel, { once: true });
        controller.signal.addEventListener('abort', cancel, { once: true });
        questions.set(key, { method, params, resolve, reject });
        // Questions asked in one go are put to the client together.
        flush ??= setImmediate(() => {
          flush = undefined;
          wake?.();
        });
      })) as AskClient,
    settle(running: Promise<Result>) {
      outcome = running;
      running.then(done, done);
    },
    async turn(): Promise<Turn> {
      if (outcome === null) throw new RpcError(ErrorCode.internal, 'Internal error');
      if (questions.size > 0) return { kind: 'ask', id: conversation.id, inputRequests: asked() };
      const stopped = new Promise<'asked'>((resolve) => {
        wake = () => resolve('asked');
      });
      const first = await Promise.race([outcome, stopped]);
      wake = null;
      if (first === 'asked') return { kind: 'ask', id: conversation.id, inputRequests: asked() };
      return { kind: 'result', result: first };
    },
    answer(responses: unknown) {
      if (!isObject(responses)) return;
      for (const [key, response] of Object.entries(responses)) {
        const question = questions.get(key);
        if (question === undefined || !isObject(response)) continue;
        questions.delete(key);
        question.resolve(response);
      }
    },
    abort(reason: string) {
      controller.abort(reason);
    },
  };
  return conversation;
}

export function createParkingLot(options: ParkingOptions): ParkingLot {
  const held = new Map<string, Held>();
  const release = (id: string): void => {
    const entry = held.get(id);
    if (entry?.timer != null) clearTimeout(entry.timer);
    held.delete(id);
  };
  return {
    start(credential, binding, run) {
      const conversation = createConversation(binding, () => release(conversation.id));
      held.set(conversation.id, { conversation, credential, timer: null });
      conversation.settle(run(conversation));
      return conversation;
    },
    resume(id, binding) {
      const entry = held.get(id);
      if (entry === undefined || entry.conversation.binding !== binding || entry.timer === null) {
        throw new RpcError(
          ErrorCode.invalidParams,
          'This call no longer waits for input: it ended, or waited too long. Send the request again without requestState and inputResponses.',
        );
      }
      clearTimeout(entry.timer);
      entry.timer = null;
      return entry.conversation;
    },
    park(conversation) {
      const entry = held.get(conversation.id);
      if (entry === undefined) return;
      const mine = [...held.values()].filter((other) => other.timer !== null && other.credential === entry.credential);
      if (mine.length >= options.perCredential) {
        conversation.abort('Too many calls wait for input');
        throw new RpcError(
          ErrorCode.server,
          `More than ${options.perCredential} calls of this credential wait for input; answer or drop some first`,
        );
      }
      entry.timer = setTimeout(() => conversation.abort('The client gave no input in time'), options.waitMs);
      entry.timer.unref();
    },
    count: () => [...held.values()].filter((entry) => entry.timer !== null).length,
    close() {
      for (const { conversation } of held.values()) conversation.abort('The hub is stopping');
    },
  };
}
