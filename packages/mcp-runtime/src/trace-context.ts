import { isObject } from '@switchboard/basics';
import type { JsonObject, TraceCarrier, TraceContext } from './types.ts';

const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const wellFormedChars = 55;
/** Later versions may say more; what they say is not read. */
const longestTraceparent = 256;
const noTrace = '0'.repeat(32);
const noSpan = '0'.repeat(16);

const longestTracestate = 512;
const mostMembers = 32;
const member = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/;

/** A state of a trace that may be passed on; null where it is none that W3C allows. */
function readTracestate(value: unknown): string | null {
  if (typeof value !== 'string' || value === '' || value.length > longestTracestate) return null;
  const members = value
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const isGood = members.length > 0 && members.length <= mostMembers && members.every((text) => member.test(text));
  return isGood ? members.join(',') : null;
}

/**
 * The trace in `traceparent` and `tracestate`, of headers or `_meta`; null where the former does not follow W3C's
 * format.
 */
export function readTrace(parent: unknown, state?: unknown): TraceContext | null {
  if (typeof parent !== 'string' || parent.length < wellFormedChars || parent.length > longestTraceparent) return null;
  const known = parent.slice(0, wellFormedChars);
  if (!traceparent.test(known) || known.startsWith('ff')) return null;
  const isWhole = parent.length === wellFormedChars;
  if (!isWhole && (known.startsWith('00') || parent[wellFormedChars] !== '-')) return null;
  const traceId = known.slice(3, 35);
  const spanId = known.slice(36, 52);
  if (traceId === noTrace || spanId === noSpan) return null;
  const isSampled = (Number.parseInt(known.slice(53), 16) & 1) === 1;
  return { traceId, spanId, isSampled, tracestate: readTracestate(state) };
}

/** The trace that the sender of a message names in `_meta` (SEP-414); null where it names none. */
export function traceIn(meta: JsonObject | undefined): TraceContext | null {
  const parent = meta?.['traceparent'];
  return parent === undefined ? null : readTrace(parent, meta?.['tracestate']);
}

/**
 * Adds the trace to params; those given are changed, `_meta` is copied. A value there that is no object stays as it is.
 */
export function carryTrace(params: JsonObject, { traceparent: parent, tracestate }: TraceCarrier): void {
  const given = params['_meta'];
  if (given !== undefined && !isObject(given)) return;
  const meta: JsonObject = { ...given, traceparent: parent };
  if (tracestate !== null) meta['tracestate'] = tracestate;
  else delete meta['tracestate'];
  params['_meta'] = meta;
}
