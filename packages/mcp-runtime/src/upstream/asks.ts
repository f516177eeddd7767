import type { CancelSignal } from '../hot/cancellation.ts';
import { ErrorCode, metaOf, otherForm, RpcError, toErrorObject } from '../rpc.ts';
import type { JsonObject, JsonRpcErrorObject, JsonRpcId, JsonRpcRequest } from '../types.ts';

export interface AskOptions {
  /** Aborts where the server withdraws the question, or the call it belongs to ends. */
  signal: CancelSignal;
  /** Takes the client's progress on the question, its token being whatever the asker was given. */
  progress?: (params: JsonObject) => void;
}

/** Puts a server's question to a client and gives its answer. */
export type AskFunction = (method: string, params: JsonObject, options: AskOptions) => Promise<JsonObject>;

/** The questions a server has asked over one connection and nobody has answered yet. */
export interface OpenQuestions {
  /** Puts a question; `owner` is the call it belongs to, null where it belongs to none. */
  put(request: JsonRpcRequest, ask: AskFunction, owner: object | null): void;
  /** The server does not want the answer any more. */
  withdraw(id: JsonRpcId): void;
  /** The call is over, so its questions are. */
  drop(owner: object): void;
  /** Whether a question is open on behalf of this call (or of a shared connection). */
  waitsFor(owner: object): boolean;
  close(): void;
}

export interface AsksOptions {
  respond(id: JsonRpcId, body: { result: JsonObject } | { error: JsonRpcErrorObject }): void;
  progress(params: JsonObject): void;
  /** A question has its answer; null where it belonged to no call. */
  settled(owner: object | null): void;
}

interface Question {
  owner: object | null;
  controller: AbortController;
  /** True where the server itself has withdrawn it and wants no answer. */
  withdrawn: boolean;
}

/** Questions one connection may have open; more are refused, so that a server cannot fill the hub with them. */
const most = 64;
/** A question without a call is closed after this time. */
const unownedMs = 30 * 60_000;

function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    function cancel(): void {
      reject(new RpcError(ErrorCode.server, 'Request cancelled', { cancelled: true }));
    }
    signal.addEventListener('abort', cancel, { once: true });
  });
}

function refuse(text: string): { error: JsonRpcErrorObject } {
  return { error: { code: ErrorCode.server, message: text } };
}

export function createAsks(options: AsksOptions): OpenQuestions {
  const open = new Map<JsonRpcId, Question>();

  async function run(request: JsonRpcRequest, ask: AskFunction, question: Question): Promise<void> {
    const params = request.params ?? {};
    const token = metaOf(params)?.['progressToken'];
    const given =
      token === undefined
        ? {}
        : { progress: (told: JsonObject) => options.progress({ ...told, progressToken: token }) };
    try {
      const { signal } = question.controller;
      // An asker that does not look at the signal must not hold the question open.
      const result = await Promise.race([ask(request.method, params, { signal, ...given }), givenUp(signal)]);
      options.respond(request.id, { result });
    } catch (error) {
      if (!question.withdrawn) options.respond(request.id, { error: toErrorObject(error) });
    }
  }

  return {
    put(request, ask, owner) {
      // An answer to the second would count as one to the first.
      if (open.has(request.id)) return;
      if (open.size >= most)
        return options.respond(request.id, refuse(`More than ${most} questions wait for an answer`));
      const question: Question = { owner, controller: new AbortController(), withdrawn: false };
      open.set(request.id, question);
      const timer = setTimeout(() => question.controller.abort(), unownedMs);
      timer.unref();
      void run(request, ask, question).finally(() => {
        clearTimeout(timer);
        open.delete(request.id);
        options.settled(owner);
      });
    },
    withdraw(id) {
      const question = open.get(id) ?? open.get(otherForm(id) ?? id);
      if (question === undefined) return;
      question.withdrawn = true;
      question.controller.abort();
    },
    drop(owner) {
      if (open.size === 0) return;
      for (const question of open.values()) if (question.owner === owner) question.controller.abort();
    },
    waitsFor(owner) {
      for (const question of open.values()) if (question.owner === null || question.owner === owner) return true;
      return false;
    },
    close() {
      for (const question of open.values()) {
        question.withdrawn = true;
        question.controller.abort();
      }
    },
  };
}

/** The answer to a server's question that no client can answer. */
export function nobodyAnswers(method: string): RpcError {
  return new RpcError(ErrorCode.methodNotFound, `No client here answers ${method}`);
}
