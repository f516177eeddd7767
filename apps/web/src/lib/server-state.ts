import { isTryingAgain, serverStateOf, serverStates, type ServerState } from '@switchboard/core/monitoring/schema';
import type { StatusShape, StatusTone } from '../ui/feedback/status.tsx';
import type { Server } from './api-types.ts';

export const stateWords = serverStates;
export type StateWord = ServerState;

interface Known {
  desired: Server['desired'];
  status: Pick<Server['status'], 'phase' | 'asleep' | 'needsSignIn' | 'failures'>;
}

/** The one word for how a server is, from what is wanted and what is. */
export function stateOf({ desired, status }: Known): StateWord {
  return serverStateOf(desired, status);
}

/** Whether a server that failed is being started once more. */
export function triesAgain(server: Known): boolean {
  return stateOf(server) === 'error' && isTryingAgain(server.status);
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
