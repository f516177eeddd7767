import type { Reason } from '../reasons.ts';
import type { Phase } from '../types.ts';

/**
 * Supervision of one server's primary instance, as data. `generation` numbers the attempts: news of an
 * older attempt is dropped. Invariants: something runs or starts only where `desired` is `on`; `asleep` =
 * wanted on, nothing running, starts with the next call; a next attempt is set in phase `error` alone.
 */
export interface UpstreamState {
  phase: Phase;
  desired: 'disabled' | 'stopped' | 'on';
  generation: number;
  asleep: boolean;
  /** The starting program downloads the code it will run. */
  downloading: boolean;
  /** Starts again as soon as what stops has stopped. */
  again: boolean;
  needsSignIn: boolean;
  /** The action of a person for which the start waits, if any. */
  waitsFor: Reason | null;
  /** Held back: only a restart starts it. */
  held: boolean;
  failures: number;
  /** Failures that make the next delay longer: a server that starts and soon dies has not recovered. */
  streak: number;
  error: Reason | string | null;
  lastStartAt: number | null;
  nextRetryAt: number | null;
}

export type UpstreamEvent =
  /** The desired state changed, or the spec did (`restart`). */
  | { type: 'desired'; desired: UpstreamState['desired']; restart: boolean }
  /** It may not be started by the hub itself, for a reason of the hub's. */
  | { type: 'held'; error: Reason; failures: number }
  /** No person has given what it needs to start. */
  | { type: 'unowned'; why: Reason }
  /** A start is asked for: by a call, a person, or the time of the next attempt. */
  | { type: 'wake'; at: number }
  /** An instance that runs already was handed over. */
  | { type: 'adopted'; at: number }
  | { type: 'downloading'; generation: number }
  | { type: 'opened'; generation: number }
  | { type: 'failed'; generation: number; error: Reason | string; needsSignIn: boolean; retryAt: number }
  /** The start failed for what its owner gave alone: it may go on as somebody else. */
  | { type: 'disowned'; generation: number }
  /** The running instance died; `brief`: soon after its start. */
  | { type: 'ended'; generation: number; error: Reason | string; retryAt: number; brief: boolean }
  /** The server forgot the session: no fault, a new one has to be opened. */
  | { type: 'forgotten'; generation: number }
  | { type: 'idle' }
  | { type: 'closed'; generation: number; at: number };

export type UpstreamEffect = 'open' | 'close';

export interface Step {
  state: UpstreamState;
  effects: readonly UpstreamEffect[];
}

export const initialState: UpstreamState = {
  phase: 'stopped',
  desired: 'stopped',
  generation: 0,
  asleep: false,
  downloading: false,
  again: false,
  needsSignIn: false,
  waitsFor: null,
  held: false,
  failures: 0,
  streak: 0,
  error: null,
  lastStartAt: null,
  nextRetryAt: null,
};

const noFailure = {
  failures: 0,
  streak: 0,
  error: null,
  needsSignIn: false,
  waitsFor: null,
  held: false,
  nextRetryAt: null,
} as const;

function stay(state: UpstreamState): Step {
  return { state, effects: [] };
}

function start(state: UpstreamState, at: number): Step {
  const generation = state.generation + 1;
  const begun = {
    phase: 'starting',
    generation,
    asleep: false,
    again: false,
    downloading: false,
    waitsFor: null,
    lastStartAt: at,
    nextRetryAt: null,
  } as const;
  // The last failure, a wish for a sign-in too, holds until the attempt has ended.
  return { state: { ...state, ...begun }, effects: ['open'] };
}

function desire(state: UpstreamState, { desired, restart }: Extract<UpstreamEvent, { type: 'desired' }>): Step {
  const active = state.phase === 'running' || state.phase === 'starting';
  const stopping = active || state.phase === 'stopping';
  const phase = stopping ? 'stopping' : 'stopped';
  const effects: UpstreamEffect[] = active ? ['close'] : [];
  if (desired !== 'on')
    return { state: { ...state, ...noFailure, desired, phase, asleep: false, again: false }, effects };
  if (restart || state.desired !== 'on') {
    // A stopped server waits for a wake: the supervisor decides when (at boot, some start at a time).
    return { state: { ...state, ...noFailure, desired, phase, asleep: true, again: stopping }, effects };
  }
  return stay(state);
}

function fail(state: UpstreamState, event: Extract<UpstreamEvent, { type: 'failed' | 'ended' }>): Step {
  if (event.generation !== state.generation) return stay(state);
  if (state.phase !== (event.type === 'failed' ? 'starting' : 'running')) return stay(state);
  const needsSignIn = event.type === 'failed' && event.needsSignIn;
  return stay({
    ...state,
    phase: 'error',
    failures: state.failures + 1,
    streak: event.type === 'ended' && !event.brief ? 1 : state.streak + 1,
    error: event.error,
    needsSignIn,
    nextRetryAt: needsSignIn ? null : event.retryAt,
  });
}

/** No failure and no retry, until a person has given what it needs. */
function wait(state: UpstreamState, why: Reason): Step {
  if (state.held || state.desired !== 'on' || state.phase === 'running' || state.phase === 'starting')
    return stay(state);
  const waiting = { asleep: true, again: false, waitsFor: why } as const;
  if (state.phase === 'stopping') return stay(state.again ? { ...state, ...waiting } : state);
  if (state.waitsFor?.code === why.code && state.phase === 'stopped') return stay(state);
  return stay({ ...state, ...noFailure, ...waiting, phase: 'stopped' });
}

/** One step of supervision: the state after an event, and what has to be done for it. Pure. */
export function next(state: UpstreamState, event: UpstreamEvent): Step {
  switch (event.type) {
    case 'desired':
      return desire(state, event);
    case 'held':
      if (state.desired !== 'on' || state.phase !== 'stopped') return stay(state);
      return stay({
        ...state,
        phase: 'error',
        asleep: false,
        held: true,
        error: event.error,
        failures: event.failures,
      });
    case 'unowned':
      return wait(state, event.why);
    case 'wake':
      if (state.held) return stay(state);
      if (state.desired !== 'on' || state.phase === 'running' || state.phase === 'starting') return stay(state);
      if (state.phase !== 'stopping') return start(state, event.at);
      return state.again ? stay(state) : stay({ ...state, asleep: true, again: true });
    case 'adopted': {
      if (state.phase !== 'stopped') return stay(state);
      const generation = state.generation + 1;
      const running = { phase: 'running', desired: 'on', generation, asleep: false, lastStartAt: event.at } as const;
      return stay({ ...state, ...noFailure, ...running });
    }
    case 'downloading':
      if (event.generation !== state.generation || state.phase !== 'starting' || state.downloading) return stay(state);
      return stay({ ...state, downloading: true });
    case 'opened':
      if (event.generation !== state.generation || state.phase !== 'starting') return stay(state);
      return stay({ ...state, ...noFailure, streak: state.streak, phase: 'running' });
    case 'failed':
    case 'ended':
      return fail(state, event);
    case 'disowned':
      if (event.generation !== state.generation || state.phase !== 'starting') return stay(state);
      return stay({ ...state, ...noFailure, phase: 'stopped', asleep: true });
    case 'forgotten':
      if (event.generation !== state.generation || state.phase !== 'running') return stay(state);
      return stay({ ...state, phase: 'stopped', asleep: true });
    case 'idle':
      if (state.phase !== 'running') return stay(state);
      return { state: { ...state, phase: 'stopping', asleep: true, again: false }, effects: ['close'] };
    case 'closed':
      if (event.generation !== state.generation || state.phase !== 'stopping') return stay(state);
      return state.again ? start(state, event.at) : stay({ ...state, phase: 'stopped' });
  }
}
