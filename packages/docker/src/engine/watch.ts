import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { toDockerError } from '../errors.ts';
import { retryDelayMs } from './backoff.ts';
import { dial, withSignal, type Connection } from './connection.ts';
import { readJsonLines } from './json-lines.ts';
import { number, record, text, textMap } from './shape.ts';

export type EngineState =
  | { phase: 'connecting'; since: number }
  | { phase: 'reachable'; since: number }
  /** `message` is one sentence for people; `nextAttemptAt` is in epoch milliseconds. */
  | { phase: 'unreachable'; since: number; message: string; nextAttemptAt: number };

/** An event of the engine, by any client. */
export interface EngineEvent {
  type: string;
  /** `start`, `die`, `health_status: healthy`, … */
  action: string;
  id: string;
  attributes: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  time: number;
}

export interface Watcher {
  state(): EngineState;
  onState(listener: (state: EngineState) => void): () => void;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** True while every event is seen: what was read since may be kept until an event says otherwise. */
  following(): boolean;
  /** Looks at the engine now instead of at the next planned attempt. */
  look(): void;
  start(): void;
  close(): Promise<void>;
}

const pingTimeoutMs = 5_000;
/** A hanging engine keeps its stream open, so it is asked now and then. */
const pingEveryMs = 15_000;

/** Watches one engine: says when it goes and comes back, and passes its events on. */
export function createWatcher(connection: Connection): Watcher {
  const stateListeners = new Set<(state: EngineState) => void>();
  const eventListeners = new Set<(event: EngineEvent) => void>();
  const stop = new AbortController();
  let state: EngineState = { phase: 'connecting', since: Date.now() };
  let wake = new AbortController();
  let running: Promise<void> | null = null;
  let following = false;

  function become(next: EngineState) {
    state = next.phase === state.phase ? { ...next, since: state.since } : next;
    for (const listener of stateListeners) listener(state);
  }

  /** Rejects where the engine does not answer; resolves when it answered and then went away. */
  async function follow() {
    await ping(connection, stop.signal);
    const ended = new AbortController();
    const signal = AbortSignal.any([stop.signal, ended.signal]);
    const stream = await connection.call(
      async (abort) => (await connection.docker.getEvents(withSignal({}, abort))) as Readable,
      { signal, timeoutMs: pingTimeoutMs },
    );
    following = true;
    if (state.phase !== 'reachable') become({ phase: 'reachable', since: Date.now() });
    const asking = keepAsking(connection, signal).catch(() => stream.destroy());
    try {
      for await (const raw of readJsonLines<unknown>(stream)) {
        const event = toEvent(raw);
        for (const listener of eventListeners) listener(event);
      }
    } catch {
      // The connection broke in some way: the next check shows whether the engine answers.
    }
    following = false;
    ended.abort();
    await asking;
  }

  async function run() {
    let failures = 0;
    while (!stop.signal.aborted) {
      let delayMs = retryDelayMs(1, 0);
      try {
        await follow();
        failures = 0;
      } catch (error) {
        if (stop.signal.aborted) return;
        failures += 1;
        delayMs = retryDelayMs(failures, Math.random());
        const { message } = toDockerError(error, connection.host);
        become({ phase: 'unreachable', since: Date.now(), message, nextAttemptAt: Date.now() + delayMs });
      }
      wake = new AbortController();
      await sleep(delayMs, null, { signal: AbortSignal.any([wake.signal, stop.signal]) }).catch(() => {});
    }
  }

  return {
    state: () => state,
    onState: (listener) => subscribe(stateListeners, listener),
    onEvent: (listener) => subscribe(eventListeners, listener),
    following: () => following,
    look: () => wake.abort(),
    start: () => {
      running ??= run();
    },
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

async function ping(connection: Connection, signal: AbortSignal): Promise<void> {
  await dial(connection, { path: '/_ping' }, { signal, timeoutMs: pingTimeoutMs });
}

async function keepAsking(connection: Connection, signal: AbortSignal): Promise<void> {
  while (await sleep(pingEveryMs, true, { signal, ref: false }).catch(() => false)) await ping(connection, signal);
}

function toEvent(answer: unknown): EngineEvent {
  const raw = record(answer);
  const actor = record(raw['Actor']);
  const nanoseconds = number(raw['timeNano']);
  return {
    type: text(raw['Type']),
    action: text(raw['Action']),
    id: text(actor['ID']),
    attributes: textMap(actor['Attributes']),
    time: nanoseconds === 0 ? number(raw['time']) * 1000 : Math.floor(nanoseconds / 1e6),
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
