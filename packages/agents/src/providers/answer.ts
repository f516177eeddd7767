import { ProviderError } from '../errors.ts';
import type { Chunk, Clock } from '../types.ts';
import { createBody } from './body.ts';
import { waitingBytes as mostWaiting } from './bounds.ts';
import type { AnswerSink, Open } from './exchange.ts';
import type { Failures } from './failures.ts';
import type { AnswerReader } from './format.ts';
import { parseObject } from './json.ts';
import type { Watch } from './watch.ts';

/** How long a connection whose message is whole may take to end, so that the next turn can use it. */
const endingMs = 2000;

export interface AnswerOptions {
  open: Open;
  read: (sink: AnswerSink) => void;
  reader: AnswerReader;
  watch: Watch;
  failures: Failures;
  clock: Clock;
  /** Content type of the answer. */
  type: string;
}

/** Chunks between the connection, which brings them when it likes, and the reader, who takes them when it likes. */
export interface AnswerStream {
  chunks(): AsyncGenerator<Chunk, void, undefined>;
  /** No more is expected: the answer is complete. */
  settle(): void;
  /** The watch has ended the turn. */
  wake(): void;
  /** Whether the reader waits for more. */
  awaited(): boolean;
}

/** Reads the body of one answer. */
export function createAnswerStream(options: AnswerOptions): AnswerStream {
  const { open, read, reader, watch, failures, clock, type } = options;
  let waiting: Chunk[] = [];
  let waitingBytes = 0;
  let held = false;
  let failure: ProviderError | null = null;
  let over = false;
  /** The connection has nothing more. */
  let ended = false;
  let stopEnding: () => void = () => {};
  let wake: () => void = () => {};
  let awaited = false;

  function fail(error: ProviderError) {
    if (over) return;
    failure = error;
    over = true;
    open.stop();
    wake();
  }
  function attempt(run: () => void) {
    if (over) return;
    try {
      run();
    } catch (error) {
      fail(
        error instanceof ProviderError
          ? error
          : failures.of('protocol', 'The answer could not be read.', { cause: error }),
      );
    }
  }
  function settle() {
    over = true;
    wake();
  }
  function take(chunks: Chunk[]) {
    for (const chunk of chunks) waiting.push(chunk);
    const state = reader.state();
    if (state === 'over') settle();
    else if (state === 'finished') watch.finished();
  }

  const body = createBody({
    event: (event) => attempt(() => take(reader.event(event))),
    whole: (text) =>
      attempt(() => {
        const parsed = parseObject(text);
        if (!parsed.ok) throw failures.of('protocol', `The answer ${parsed.why}.`);
        take(reader.whole(parsed.value));
      }),
    foreign: (beginning) =>
      attempt(() => {
        const said = failures.read(null, beginning).message;
        const kind = type === '' ? 'without a content type' : `of the type ${type}`;
        throw failures.of('protocol', `The answer is a text ${kind}, no answer of a model: ${said}`);
      }),
    tooLarge: (limit) => fail(failures.of('protocol', `The answer is larger than the hub reads: ${limit}.`)),
  });

  const sink: AnswerSink = {
    data(chunk) {
      if (over) return;
      waitingBytes += chunk.length;
      watch.heard();
      body.push(chunk);
      if (waiting.length === 0) waitingBytes = 0;
      else if (waitingBytes > mostWaiting && !held && !over) {
        held = true;
        open.pause();
      }
      wake();
    },
    end() {
      ended = true;
      stopEnding();
      attempt(() => {
        body.end();
        if (over) return;
        reader.end();
        settle();
      });
    },
    failed(error) {
      ended = true;
      stopEnding();
      // A message that is whole needs no proper end of its connection.
      if (reader.state() === 'open') fail(error);
      else settle();
    },
  };

  function letGo() {
    if (ended) return;
    if (failure !== null || reader.state() === 'open') open.stop();
    else stopEnding = clock.after(endingMs, () => open.stop());
  }

  async function* chunks(): AsyncGenerator<Chunk, void, undefined> {
    read(sink);
    try {
      for (;;) {
        const batch = waiting;
        waiting = [];
        waitingBytes = 0;
        for (const chunk of batch) {
          if (watch.failure()?.code === 'aborted') break;
          yield chunk;
        }
        const stopped = watch.failure();
        if (stopped !== null) throw stopped;
        if (waiting.length > 0) continue;
        if (failure !== null) throw failure;
        if (over) return;
        if (held) {
          held = false;
          open.resume();
        }
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        awaited = true;
        await promise;
        awaited = false;
      }
    } finally {
      over = true;
      letGo();
    }
  }
  return { chunks, settle, wake: () => wake(), awaited: () => awaited };
}
