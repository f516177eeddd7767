import type { Phase } from '../types.ts';

/**
 * Supervision of one server's primary instance, as data. `generation` numbers the attempts: news of an
 * older attempt is dropped. `asleep` = wanted on, nothing running, starts with the next call.
 */
export interface UpstreamState {
  phase: Phase;
  desired: 'disabled' | 'stopped' | 'on';
  generation: number;
  asleep: boolean;
  needsSignIn: boolean;
  failures: number;
  error: string | null;
  lastStartAt: number | null;
  nextRetryAt: number | null;
}

export type UpstreamEvent =
  /** The desired state changed, or the spec did (`restart`). */
  | { type: 'desired'; desired: UpstreamState['desired']; restart: boolean }
  /** Somebody asks for it: a call, a person, or the time of the next attempt. */
  | { type: 'wake'; at: number }
  | { type: 'opened'; generation: number }
  | { type: 'failed'; generation: number; error: string; needsSignIn: boolean; retryAt: number }
  | { type: 'ended'; generation: number; error: string; retryAt: number }
  | { type: 'idle' }
  | { type: 'closed'; generation: number };

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
  needsSignIn: false,
  failures: 0,
  error: null,
  lastStartAt: null,
  nextRetryAt: null,
};

const stay = (state: UpstreamState): Step => ({ state, effects: [] });

function start(state: UpstreamState, at: number): Step {
  const generation = state.generation + 1;
  return {
    state: { ...state, phase: 'starting', generation, asleep: false, lastStartAt: at, nextRetryAt: null },
    effects: ['open'],
  };
}

function desire(state: UpstreamState, event: Extract<UpstreamEvent, { type: 'desired' }>): Step {
  const wanted = { ...state, desired: event.desired };
  const fresh = { ...wanted, failures: 0, error: null, needsSignIn: false, nextRetryAt: null };
  const active = state.phase === 'running' || state.phase === 'starting';
  if (event.desired !== 'on') {
    if (active) return { state: { ...fresh, phase: 'stopping', asleep: false }, effects: ['close'] };
    return stay({ ...fresh, phase: state.phase === 'stopping' ? 'stopping' : 'stopped', asleep: false });
  }
  if (active && event.restart) return { state: { ...fresh, phase: 'stopping', asleep: true }, effects: ['close'] };
  if (active) return stay(wanted);
  // What waits for a wake starts on one: the supervisor decides when (boot starts some at a time).
  return stay(
    event.restart || state.desired !== 'on'
      ? { ...fresh, phase: state.phase === 'stopping' ? 'stopping' : 'stopped', asleep: true }
      : wanted,
  );
}

/** One step of supervision: the state after an event, and what has to be done for it. Pure. */
export function next(state: UpstreamState, event: UpstreamEvent): Step {
  switch (event.type) {
    case 'desired':
      return desire(state, event);
    case 'wake':
      if (state.desired !== 'on' || state.phase === 'running' || state.phase === 'starting') return stay(state);
      return state.phase === 'stopping' ? stay({ ...state, asleep: true }) : start(state, event.at);
    case 'opened':
      if (event.generation !== state.generation || state.phase !== 'starting') return stay(state);
      return stay({ ...state, phase: 'running', failures: 0, error: null, needsSignIn: false, nextRetryAt: null });
    case 'failed':
    case 'ended': {
      if (event.generation !== state.generation || (state.phase !== 'starting' && state.phase !== 'running'))
        return stay(state);
      const needsSignIn = event.type === 'failed' && event.needsSignIn;
      return stay({
        ...state,
        phase: 'error',
        failures: state.failures + 1,
        error: event.error,
        needsSignIn,
        nextRetryAt: needsSignIn ? null : event.retryAt,
      });
    }
    case 'idle':
      if (state.phase !== 'running') return stay(state);
      return { state: { ...state, phase: 'stopping', asleep: true }, effects: ['close'] };
    case 'closed':
      if (event.generation !== state.generation || state.phase !== 'stopping') return stay(state);
      return stay({ ...state, phase: 'stopped' });
  }
}
