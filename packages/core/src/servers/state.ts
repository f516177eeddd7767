import type { Phase, ServerStatus } from '@switchboard/mcp-runtime/types';

/** Every state a server can be in, as counts and pages name them. A server is in exactly one. */
export const serverStates = [
  'running',
  'asleep',
  'starting',
  'stopping',
  'stopped',
  'error',
  'needs-sign-in',
  'disabled',
] as const;
export type ServerState = (typeof serverStates)[number];

type Facts = Pick<ServerStatus, 'phase' | 'asleep' | 'needsSignIn' | 'failures'>;

/** Whether a server that failed its last start is being started once more. */
export function isTryingAgain({ phase, failures }: Pick<Facts, 'phase' | 'failures'>): boolean {
  return phase === 'starting' && failures > 0;
}

/**
 * The one state of a server, from what is wanted (`desired`) and what is. A server that failed its last start stays
 * `error` while it is started again: otherwise it would be a problem at one moment and none at the next.
 */
export function serverStateOf(desired: 'disabled' | 'stopped' | 'on', status: Facts): ServerState {
  if (desired === 'disabled') return 'disabled';
  if (status.needsSignIn) return 'needs-sign-in';
  if (isTryingAgain(status)) return 'error';
  if (status.phase === 'stopped') return status.asleep ? 'asleep' : 'stopped';
  return status.phase;
}

/** The phase for APIs that know five phases only: a server that is started again after a failure counts as failing. */
export function describePhase(status: Pick<Facts, 'phase' | 'failures'>): Phase {
  return isTryingAgain(status) ? 'error' : status.phase;
}
