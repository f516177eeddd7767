import { looseText, looseValue } from './json-text.ts';
import type { Fault } from './types.ts';

export type FaultKind = Fault['kind'];
export type FaultText = 'ms' | 'spread' | 'code' | 'message' | 'status' | 'perMinute';

/** What each kind is described with. */
export const faultTexts: Readonly<Record<FaultKind, readonly FaultText[]>> = {
  latency: ['ms', 'spread'],
  timeout: ['ms'],
  'tool-error': ['message'],
  'rpc-error': ['code', 'message'],
  'http-status': ['status', 'message'],
  'rate-limit': ['perMinute'],
  cut: [],
  malformed: [],
  drip: ['ms'],
  'schema-violation': [],
  'wrong-id': [],
  'list-changes': [],
};
export const faultKinds = Object.keys(faultTexts) as FaultKind[];
export const distributions = ['fixed', 'normal', 'long-tail'] as const;

/** A fault as the form holds it: texts where the hub has numbers. */
export interface FaultDraft extends Record<FaultText, string> {
  slot: string;
  kind: FaultKind;
  distribution: (typeof distributions)[number];
  /** Per cent of the calls. */
  rate: string;
  first: string;
  every: string;
  action: string;
  pointer: string;
  equals: string;
  contains: string;
}

export function newFault(slot: string): FaultDraft {
  return {
    slot,
    kind: 'latency',
    distribution: 'fixed',
    ms: '500',
    spread: '',
    code: '-32603',
    message: 'Internal error',
    status: '503',
    perMinute: '10',
    rate: '',
    first: '',
    every: '',
    action: '',
    pointer: '',
    equals: '',
    contains: '',
  };
}

function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function toDraft(fault: Fault, slot: string): FaultDraft {
  const { argument, rate } = fault;
  const texts = Object.fromEntries(
    faultTexts[fault.kind].map((name) => [name, String(Reflect.get(fault, name) ?? '')]),
  ) as Partial<Record<FaultText, string>>;
  return {
    ...newFault(slot),
    ...texts,
    kind: fault.kind,
    distribution: fault.kind === 'latency' ? fault.distribution : 'fixed',
    // Shares are shown in per cent without the dust of binary fractions.
    rate: rate === undefined ? '' : String(Number((rate * 100).toFixed(10))),
    first: textOf(fault.first),
    every: textOf(fault.every),
    action: fault.action ?? '',
    pointer: argument?.pointer ?? '',
    equals: looseText(argument?.equals),
    contains: argument?.contains ?? '',
  };
}

export function toFaultDrafts(faults: readonly Fault[]): FaultDraft[] {
  return faults.map((fault, index) => toDraft(fault, String(index)));
}

function ruleOf({ rate, first, every, action, pointer, equals, contains }: FaultDraft) {
  return {
    ...(rate.trim() !== '' && { rate: Number(rate) / 100 }),
    ...(first.trim() !== '' && { first: Number(first) }),
    ...(every.trim() !== '' && { every: Number(every) }),
    ...(action !== '' && { action }),
    ...(pointer !== '' && {
      argument: {
        pointer,
        ...(equals !== '' && { equals: looseValue(equals) }),
        ...(contains !== '' && { contains }),
      },
    }),
  };
}

export function toFault(draft: FaultDraft): Fault {
  const rule = ruleOf(draft);
  const { kind, message } = draft;
  switch (kind) {
    case 'latency':
      return {
        ...rule,
        kind,
        ms: Number(draft.ms),
        distribution: draft.distribution,
        ...(draft.spread.trim() !== '' && { spread: Number(draft.spread) }),
      };
    case 'timeout':
    case 'drip':
      return { ...rule, kind, ms: Number(draft.ms) };
    case 'tool-error':
      return { ...rule, kind, message };
    case 'rpc-error':
      return { ...rule, kind, code: Number(draft.code), message };
    case 'http-status':
      return { ...rule, kind, status: Number(draft.status), ...(message !== '' && { message }) };
    case 'rate-limit':
      return { ...rule, kind, perMinute: Number(draft.perMinute) };
    default:
      return { ...rule, kind };
  }
}
