import type { ServerStatus } from '../types.ts';
import type { Instance } from './instance.ts';
import { downloading } from './narrate.ts';
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

/** What people and APIs are told of a server. */
export function describeStatus({ id, primary, others, instances, lastActivityAt }: StatusSource): ServerStatus {
  const state = primary.state();
  const main = primary.instance();
  const catalog = primary.catalog();
  const problem = main === null ? null : primary.listProblem();
  const asleep = state.asleep && state.phase === 'stopped' && state.desired === 'on';
  return {
    id,
    phase: state.phase,
    health: problem === null ? healthOf(state, asleep) : 'unhealthy',
    asleep,
    needsSignIn: state.needsSignIn,
    message: problem === null ? messageOf(state, asleep) : `Server is running, but ${problem}`,
    error: state.error ?? problem,
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

function healthOf(state: UpstreamState, asleep: boolean): ServerStatus['health'] {
  if (state.phase === 'running' || asleep) return 'healthy';
  return state.phase === 'error' ? 'unhealthy' : 'unknown';
}

function messageOf(state: UpstreamState, asleep: boolean): string {
  if (state.desired === 'disabled') return 'Server is disabled';
  if (asleep) return 'Server is asleep and starts with the next call';
  switch (state.phase) {
    case 'running':
      return 'Server is running';
    case 'starting':
      return state.downloading ? downloading : 'Server is starting';
    case 'stopping':
      return 'Server is stopping';
    case 'stopped':
      return 'Server is stopped';
    case 'error':
      return state.needsSignIn ? 'Server needs a sign-in' : (state.error ?? 'Server failed');
  }
}
