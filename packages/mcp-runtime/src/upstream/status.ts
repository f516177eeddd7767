import { type Reason, say, textOf } from '../reasons.ts';
import type { ServerStatus } from '../types.ts';
import type { Instance } from './instance.ts';
import type { UpstreamState } from './state.ts';
import type { Primary } from './supervised.ts';

export interface StatusSource {
  id: string;
  primary: Primary;
  /** Instances besides the primary, opening ones included. */
  others: number;
  instances: readonly Instance[];
  lastActivityAt: number | null;
}

/** The status of a server for people and APIs. */
export function describeStatus({ id, primary, others, instances, lastActivityAt }: StatusSource): ServerStatus {
  const state = primary.state();
  const main = primary.instance();
  const catalog = primary.catalog();
  const problem = main === null ? null : primary.listProblem();
  const error = state.error ?? problem;
  const asleep = state.asleep && state.phase === 'stopped' && state.desired === 'on';
  return {
    id,
    phase: state.phase,
    health: problem === null ? healthOf(state, asleep) : 'unhealthy',
    asleep,
    needsSignIn: state.needsSignIn,
    ...told(problem === null ? messageOf(state, asleep) : say('runningBut', { reason: problem }), error),
    pid: main?.pid ?? null,
    startedAt: main?.startedAt ?? null,
    lastStartAt: state.lastStartAt,
    nextRetryAt: state.nextRetryAt,
    failures: state.failures,
    lastActivityAt,
    instances: others + (main === null ? 0 : 1),
    inFlight: instances.reduce((sum, instance) => sum + instance.inFlight(), main?.inFlight() ?? 0),
    protocolVersion: main?.identity.protocolVersion ?? catalog?.protocolVersion ?? null,
    serverInfo: catalog?.serverInfo ?? null,
    toolCount: catalog?.tools.length ?? 0,
  };
}

function told(message: Reason | string, error: Reason | string | null) {
  return {
    message: textOf(message),
    messageReason: typeof message === 'string' ? null : message,
    error: error === null ? null : textOf(error),
    errorReason: typeof error === 'string' ? null : error,
  };
}

function healthOf(state: UpstreamState, asleep: boolean): ServerStatus['health'] {
  if (state.phase === 'running' || asleep) return 'healthy';
  return state.phase === 'error' ? 'unhealthy' : 'unknown';
}

function messageOf(state: UpstreamState, asleep: boolean): Reason | string {
  if (state.desired === 'disabled') return say('disabled');
  if (state.waitsFor !== null && state.phase === 'stopped') return state.waitsFor;
  if (asleep) return say('asleep');
  switch (state.phase) {
    case 'running':
      return say('running');
    case 'starting':
      return say(state.downloading ? 'downloading' : 'starting');
    case 'stopping':
      return say('stopping');
    case 'stopped':
      return say('stopped');
    case 'error':
      return state.needsSignIn ? say('needsSignIn') : (state.error ?? say('failed'));
  }
}
