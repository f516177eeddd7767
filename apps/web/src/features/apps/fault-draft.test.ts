import { expect, it } from 'vitest';
import { AppFault } from '@switchboard/core/apps/schema';
import { faultKinds, newFault, toFault, toFaultDrafts } from './fault-draft.ts';
import type { Fault } from './types.ts';

it('saves faults as they were where nothing was changed', () => {
  const faults: Fault[] = [
    { kind: 'latency', ms: 150, distribution: 'long-tail', spread: 2, rate: 0.07 },
    { kind: 'http-status', status: 503, message: 'Away', first: 3, action: 'send' },
    { kind: 'tool-error', message: 'No', every: 2, argument: { pointer: '/to', equals: 5 } },
    { kind: 'tool-error', message: '', argument: { pointer: '/to', equals: '5', contains: 'a' } },
    { kind: 'rpc-error', code: -32_603, message: 'Internal error' },
    { kind: 'cut', rate: 1 },
  ];
  expect(toFaultDrafts(faults).map(toFault)).toEqual(faults);
});

it('makes of each kind what the hub takes', () => {
  for (const kind of faultKinds) expect(AppFault.safeParse(toFault({ ...newFault('a'), kind })).success).toBe(true);
});
