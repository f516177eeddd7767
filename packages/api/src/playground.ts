import { type Ctx, credentialOf, DomainError } from '@switchboard/core';
import type { JsonObject } from '@switchboard/mcp-runtime/types';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createQueue, type Queue } from './queue.ts';

export const RunInput = z.object({
  serverId: z.string().min(1),
  method: z.enum(['tools/call', 'prompts/get', 'resources/read']),
  /** Tool or prompt name, or resource URI. */
  name: z.string().min(1).max(8192),
  arguments: z.record(z.string(), z.unknown()).default({}),
});
export type RunInput = z.infer<typeof RunInput>;

export const AnswerInput = z.object({
  runId: z.string(),
  askId: z.string(),
  /** The result of the server's request, for example `{action: 'accept', content: {…}}`. */
  result: z.record(z.string(), z.unknown()),
});
export type AnswerInput = z.infer<typeof AnswerInput>;

/** What a run tells while it goes; `result` or `error` is the last. */
export type RunEvent =
  | { type: 'started'; runId: string }
  | { type: 'notification'; method: string; params: JsonObject }
  | { type: 'ask'; askId: string; method: string; params: JsonObject }
  | { type: 'result'; result: JsonObject; durationMs: number }
  | { type: 'error'; code: number; message: string; data?: unknown; durationMs: number };

interface Run {
  credential: string;
  asks: Map<string, (result: JsonObject) => void>;
}

/** Runs calls whose progress and questions go to a person. One for the process. */
export interface Playground {
  run(core: Ctx, input: RunInput, signal: AbortSignal): AsyncIterable<RunEvent>;
  answer(core: Ctx, input: AnswerInput): void;
}

const runsPerCredential = 16;
const queuedEvents = 1000;

/** With a token, so that the server reports progress. */
function paramsOf(input: RunInput, progressToken: string): JsonObject {
  const named =
    input.method === 'resources/read' ? { uri: input.name } : { name: input.name, arguments: input.arguments };
  return { ...named, _meta: { progressToken } };
}

function toErrorEvent(error: unknown, durationMs: number): RunEvent {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const data: unknown = error instanceof Error ? Reflect.get(error, 'data') : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const known = typeof code === 'number';
  return { type: 'error', code: known ? code : -32603, message, durationMs, ...(data !== undefined && { data }) };
}

/** Puts a server's question to the page and waits for its answer. */
function askThrough(run: Run, queue: Queue<RunEvent>) {
  return (request: { method: string; params: JsonObject }, signal: AbortSignal): Promise<JsonObject> =>
    new Promise((resolve, reject) => {
      const askId = randomUUID();
      const finish = () => run.asks.delete(askId);
      signal.addEventListener(
        'abort',
        () => {
          finish();
          reject(new Error('The call ended before the question was answered.'));
        },
        { once: true },
      );
      run.asks.set(askId, (result) => {
        finish();
        resolve(result);
      });
      queue.push({ type: 'ask', askId, method: request.method, params: request.params });
    });
}

/** Keeps the open runs, so that an answer finds its question. */
export function createPlayground(): Playground {
  const runs = new Map<string, Run>();

  function open(credential: string): string {
    const mine = [...runs.values()].filter((run) => run.credential === credential);
    if (mine.length >= runsPerCredential) {
      throw new DomainError('limit_exceeded', `You have ${mine.length} runs open; end one before you start another.`);
    }
    const runId = randomUUID();
    runs.set(runId, { credential, asks: new Map() });
    return runId;
  }

  async function* run(core: Ctx, input: RunInput, signal: AbortSignal): AsyncIterable<RunEvent> {
    const credential = credentialOf(core.actor);
    const selection = core.selectServer(credential, input.serverId);
    if (!selection) throw new DomainError('not_found', `There is no server "${input.serverId}" that you may use.`);
    const runId = open(credential.key);
    const current = runs.get(runId) ?? { credential: credential.key, asks: new Map() };
    const ending = new AbortController();
    const either = AbortSignal.any([signal, ending.signal]);
    const queue = createQueue<RunEvent>({ max: queuedEvents, signal: either });
    const startedAt = core.clock.now();
    const elapsed = () => core.clock.now() - startedAt;
    const call = core.runtime.call({
      credential,
      selection,
      method: input.method,
      params: paramsOf(input, runId),
      via: 'playground',
      clientName: 'switchboard-playground',
      signal: either,
      requestId: core.requestId,
      onNotification: ({ method, params }) => queue.push({ type: 'notification', method, params }),
      ask: askThrough(current, queue),
    });
    void call
      .then(
        (result) => queue.push({ type: 'result', result, durationMs: elapsed() }),
        (error: unknown) => queue.push(toErrorEvent(error, elapsed())),
      )
      .finally(() => queue.end());
    try {
      yield { type: 'started', runId };
      yield* queue;
    } finally {
      ending.abort();
      runs.delete(runId);
    }
  }

  return {
    run,
    answer(core, { runId, askId, result }) {
      const found = runs.get(runId);
      const resolve = found?.credential === credentialOf(core.actor).key ? found.asks.get(askId) : undefined;
      if (!resolve) throw new DomainError('not_found', 'This question is not open any more.');
      resolve(result);
    },
  };
}
