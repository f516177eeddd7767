import type { StatusShape, StatusTone } from '../ui/status.tsx';
import type { Server } from './api-types.ts';

export const stateWords = [
  'running',
  'asleep',
  'starting',
  'stopping',
  'stopped',
  'error',
  'needs-sign-in',
  'disabled',
] as const;
export type StateWord = (typeof stateWords)[number];

/** The one word for how a server is, from what is wanted and what is. */
export function stateOf(
  server: Pick<Server, 'desired'> & { status: Pick<Server['status'], 'phase' | 'asleep' | 'needsSignIn'> },
): StateWord {
  if (server.desired === 'disabled') return 'disabled';
  const { phase, asleep, needsSignIn } = server.status;
  if (needsSignIn) return 'needs-sign-in';
  if (phase === 'stopped') return asleep ? 'asleep' : 'stopped';
  return phase;
}

export const stateLooks: Record<StateWord, { shape: StatusShape; tone: StatusTone }> = {
  running: { shape: 'disc', tone: 'ok' },
  asleep: { shape: 'moon', tone: 'ok' },
  starting: { shape: 'half', tone: 'accent' },
  stopping: { shape: 'half', tone: 'idle' },
  stopped: { shape: 'square', tone: 'idle' },
  error: { shape: 'triangle', tone: 'bad' },
  'needs-sign-in': { shape: 'diamond', tone: 'warn' },
  disabled: { shape: 'dash', tone: 'idle' },
};

/** Servers that want somebody's attention. */
export function isProblem(state: StateWord): boolean {
  return state === 'error' || state === 'needs-sign-in';
}
