import type { ProviderError } from '../errors.ts';
import type { Clock, TurnLimits } from '../types.ts';
import type { Failures } from './failures.ts';

/** Watches the time of one turn, and the caller's signal. Tells once. */
export interface Watch {
  /** A request goes out: its first byte is waited for. */
  asked(): void;
  /** Something came. */
  heard(): void;
  /** The message is whole: what it took may still come, for a short while. */
  finished(): void;
  /** Rejects with why the turn ends; never resolves. */
  ended: Promise<never>;
  /** Why it has ended. */
  failure(): ProviderError | null;
  /** Milliseconds of the turn's whole time that are left. */
  left(): number;
  /** Resolves after a while, or rejects with why the turn ends. */
  wait(ms: number): Promise<void>;
  close(): void;
}

/** How long what a message took is waited for when the message is whole. */
const lingerMs = 5000;

/** Starts the limits of one turn. `lingered` is called where nothing more arrives after a complete message. */
export function createWatch(options: {
  clock: Clock;
  limits: TurnLimits;
  signal: AbortSignal;
  failures: Failures;
  /** Whether anybody waits for more: a slow reader is no silence of the provider. */
  awaited(): boolean;
  /** Told before `ended` rejects. */
  stopped(): void;
  lingered(): void;
}): Watch {
  const { clock, limits, signal, failures, awaited, stopped, lingered } = options;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ended.catch(() => undefined);
  let failure: ProviderError | null = null;
  let lastAt = clock.now();
  const endsAt = lastAt + limits.totalMs;
  let phase: 'asked' | 'answered' | 'finished' = 'asked';
  let cancel: () => void = () => {};
  const cancelTotal = clock.after(limits.totalMs, () =>
    fail(failures.of('timeout', `The answer took longer than ${seconds(limits.totalMs)}.`)),
  );
  function fail(error: ProviderError) {
    if (failure !== null) return;
    failure = error;
    close();
    stopped();
    reject(error);
  }
  function aborted() {
    fail(failures.of('aborted', 'The request was given up.'));
  }
  function close() {
    cancel();
    cancelTotal();
    signal.removeEventListener('abort', aborted);
  }
  function limit() {
    if (phase === 'finished') return lingerMs;
    return phase === 'asked' ? limits.firstByteMs : limits.idleMs;
  }
  // One timer is set again when it fires, because chunks arrive far more often.
  function arm() {
    cancel();
    cancel = clock.after(Math.max(1, lastAt + limit() - clock.now()), ring);
  }
  function ring() {
    if (!awaited()) lastAt = clock.now();
    if (clock.now() - lastAt < limit()) return arm();
    if (phase === 'finished') return lingered();
    const what = phase === 'asked' ? 'Nothing came' : 'Nothing more came';
    fail(failures.of('timeout', `${what} in ${seconds(limit())}.`));
  }
  function enter(next: typeof phase) {
    lastAt = clock.now();
    if (phase === next && next === 'answered') return;
    phase = next;
    if (failure === null) arm();
  }
  if (signal.aborted) aborted();
  else signal.addEventListener('abort', aborted, { once: true });
  return {
    asked: () => enter('asked'),
    heard: () => enter(phase === 'finished' ? 'finished' : 'answered'),
    finished: () => enter('finished'),
    ended,
    failure: () => failure,
    left: () => endsAt - clock.now(),
    async wait(ms) {
      cancel();
      const { promise, resolve } = Promise.withResolvers<void>();
      const off = clock.after(ms, resolve);
      try {
        await Promise.race([promise, ended]);
      } finally {
        off();
      }
    },
    close,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
