import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Chunk, Completion } from '@switchboard/agents';
import { completionOf } from '@switchboard/agents/answers';
import { onSignedOut } from '../access/signed-out.ts';
import { keyIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { fromProvider } from './provider-refusal.ts';
import { takeTurn, type TurnRequest } from './turns.ts';

/** The request of a program to a model. */
export type ChatRequest = Pick<TurnRequest, 'model' | 'messages' | 'tools' | 'parameters'>;

/** The API has checked every value already: the request may be large, and is checked once. */
const Asked = z.custom<ChatRequest>((value) => typeof value === 'object' && value !== null);

/** Chunks of a turn that is under way; `return` gives it up, read or not. */
export interface Chunks extends AsyncIterableIterator<Chunk> {
  return(): Promise<IteratorResult<Chunk>>;
}

/**
 * How long to wait for a failure before the first chunk, which still can have a status of its own: the first chunk
 * starts the answer.
 */
const graceMs = 15_000;

/** A program retries by itself, and knows better how often. */
const limits = { retries: 0 };

/** Opens the chunks of an answer; they end with the signal. */
export type OpenChunks = (signal: AbortSignal) => Promise<AsyncIterable<Chunk>>;

/** One answer in one piece. */
export async function completeFrom(ctx: Ctx, open: OpenChunks): Promise<Completion> {
  const chunks: Chunk[] = [];
  for await (const chunk of await begin(ctx, open)) chunks.push(chunk);
  return completionOf(chunks);
}

/** One answer as chunks. A failure before the first chunk is thrown here. */
export async function streamFrom(ctx: Ctx, open: OpenChunks): Promise<Chunks> {
  const chunks = await begin(ctx, open);
  const first = chunks.next();
  // The reader gets the error; without a reader it is dropped.
  first.catch(() => undefined);
  await Promise.race([first, sleep(graceMs, undefined, { ref: false })]);
  return resumed(first, chunks);
}

function oneTurn(ctx: Ctx, asked: ChatRequest, stream: boolean): OpenChunks {
  return async (signal) => (await takeTurn(ctx, { ...asked, stream, way: 'v1', limits, signal })).chunks;
}

/** One turn of a model in one piece. */
export const completeChat = verb(
  { name: 'model.use', access: 'read', input: Asked },
  (ctx, asked): Promise<Completion> => completeFrom(ctx, oneTurn(ctx, asked, false)),
);

/** One turn of a model as chunks. A failure before the first chunk is thrown here. */
export const streamChat = verb({ name: 'model.use', access: 'read', input: Asked }, (ctx, asked): Promise<Chunks> =>
  streamFrom(ctx, oneTurn(ctx, asked, true)),
);

/** Begins an answer that ends with the request and with the sign-in or key behind it. */
async function begin(ctx: Ctx, open: OpenChunks): Promise<Chunks> {
  const stop = new AbortController();
  const signal = AbortSignal.any([ctx.signal, stop.signal]);
  const chunks = told(ctx, await open(signal), stop);
  const begun: Chunks = {
    next: () => chunks.next(),
    async return() {
      // Otherwise the return would wait for the request that is under way.
      stop.abort();
      await chunks.return(undefined);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => begun,
  };
  return begun;
}

async function* told(ctx: Ctx, chunks: AsyncIterable<Chunk>, stop: AbortController): AsyncGenerator<Chunk, void> {
  let signedOut = false;
  const unwatch = onSignedOut(ctx, () => {
    signedOut = true;
    stop.abort();
  });
  try {
    yield* chunks;
  } catch (error) {
    if (!signedOut) throw fromProvider(error);
    throw new DomainError('unauthenticated', say(keyIdOf(ctx.actor) !== null ? 'keyEnded' : 'sessionEnded'));
  } finally {
    unwatch();
  }
}

/** The same chunks, the first of which was asked for already. */
function resumed(first: Promise<IteratorResult<Chunk>>, chunks: Chunks): Chunks {
  let asked: typeof first | null = first;
  const all: Chunks = {
    next() {
      const given = asked ?? chunks.next();
      asked = null;
      return given;
    },
    return: () => chunks.return(),
    [Symbol.asyncIterator]: () => all,
  };
  return all;
}
