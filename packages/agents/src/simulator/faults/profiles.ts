import type { Fault, FaultProfile } from '../types.ts';

/** The faults of a known profile. */
export const profiles: Readonly<Record<FaultProfile, readonly Fault[]>> = {
  flaky: [
    { kind: 'latency', ms: 150, distribution: 'long-tail', spread: 2 },
    { kind: 'http-status', status: 503, message: 'Service Unavailable', rate: 0.05 },
    { kind: 'rpc-error', code: -32603, message: 'Internal error', rate: 0.05 },
    { kind: 'tool-error', message: 'The service could not complete the request. Try again later.', rate: 0.1 },
    { kind: 'cut', rate: 0.02 },
  ],
  slow: [
    { kind: 'latency', ms: 2000, distribution: 'long-tail', spread: 1.6 },
    { kind: 'drip', ms: 3000, rate: 0.2 },
  ],
  down: [{ kind: 'http-status', status: 503, message: 'Service Unavailable' }],
  'rate-limited': [{ kind: 'rate-limit', perMinute: 10 }],
};
