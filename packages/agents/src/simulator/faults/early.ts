import type { Clock } from '../../types.ts';
import type { Counters, RpcError, WireFault } from '../ports.ts';
import { errorCodes } from '../protocol/message.ts';
import type { Fault } from '../types.ts';
import type { MetFault } from './rules.ts';

const minuteMs = 60_000;

/** The end of a call before the action is asked. */
export type EarlyEnd =
  | { kind: 'rpc-error'; error: RpcError }
  | { kind: 'tool-error'; message: string }
  | { kind: 'wire'; wire: WireFault; error: RpcError }
  | { kind: 'timeout'; ms: number };

/** Seconds until the next call may come, where this one may not; null where it may. */
function refusedFor(counters: Counters, id: string, perMinute: number, now: number): number | null {
  const known = counters.minutes.get(id);
  const minute = known !== undefined && now - known.start < minuteMs ? known : { start: now, count: 0 };
  minute.count += 1;
  counters.minutes.set(id, minute);
  if (minute.count <= perMinute) return null;
  return Math.max(1, Math.ceil((minute.start + minuteMs - now) / 1000));
}

function statusEnd(status: number, message: string, retryAfterSeconds: number | null): EarlyEnd {
  return {
    kind: 'wire',
    wire: { kind: 'http-status', status, message, retryAfterSeconds },
    error: { code: errorCodes.server, message },
  };
}

function endBy(fault: Fault): EarlyEnd | null {
  switch (fault.kind) {
    case 'rpc-error':
      return { kind: 'rpc-error', error: { code: fault.code, message: fault.message } };
    case 'tool-error':
      return { kind: 'tool-error', message: fault.message };
    case 'http-status':
      return statusEnd(fault.status, fault.message ?? `HTTP ${fault.status}`, null);
    case 'timeout':
      return { kind: 'timeout', ms: fault.ms };
    default:
      return null;
  }
}

/** The limit that a call is beyond; each limit counts it. */
export function limitEnd(met: readonly MetFault[], counters: Counters, clock: Clock): EarlyEnd | null {
  let longest: number | null = null;
  for (const { fault, id } of met) {
    if (fault.kind !== 'rate-limit') continue;
    const seconds = refusedFor(counters, id, fault.perMinute, clock.now());
    if (seconds !== null) longest = Math.max(seconds, longest ?? 0);
  }
  return longest === null ? null : statusEnd(429, 'Too Many Requests', longest);
}

/** The end of a call before the action is asked: by the first fault that ends it. */
export function earlyEnd(met: readonly MetFault[]): EarlyEnd | null {
  for (const { fault } of met) {
    const end = endBy(fault);
    if (end !== null) return end;
  }
  return null;
}

/** The effect of the wire on a finished answer. */
export function lateWire(met: readonly MetFault[]): WireFault | null {
  for (const { fault } of met) {
    if (fault.kind === 'cut') return { kind: 'cut', sent: 'half' };
    if (fault.kind === 'malformed' || fault.kind === 'wrong-id') return { kind: fault.kind };
    if (fault.kind === 'drip') return { kind: 'drip', ms: fault.ms };
  }
  return null;
}
