import { randomUUIDv7 } from 'node:crypto';
import { isObject } from '@switchboard/basics';
import { metaOf, type RpcError } from '../../rpc.ts';
import { traceIn } from '../../trace-context.ts';
import type { CallRecord, JsonObject, Span } from '../../types.ts';
import type { Call, Peer } from '../sessions/peer.ts';
import type { Target } from '../target.ts';

/** One request on its way from a peer to a server. */
export interface ForwardedCall {
  peer: Peer;
  call: Call;
  target: Target;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** The span of what is under way at the server; null where there is none. */
  sent: Span | null;
}

/** How a call ended. */
export interface Ending {
  durationMs: number;
  outcome: CallRecord['outcome'];
  error: RpcError | null;
  result: JsonObject | null;
}

/** A finished call, with as much of it as its target says is kept. */
export function recordOf(
  { peer, call, target, startedAt }: ForwardedCall,
  { durationMs, outcome, error, result }: Ending,
): CallRecord {
  const { name } = peer.clientInfo;
  const record: CallRecord = {
    // In the order of time: the index of millions of records is written at its end.
    id: randomUUIDv7(),
    startedAt,
    durationMs,
    serverId: target.serverId,
    endpoint: peer.endpoint,
    method: target.method,
    name: target.name,
    outcome,
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? (outcome === 'tool_error' ? toolErrorOf(target, result) : null),
    errorReason: error?.reason ?? null,
    credential: peer.credential.key,
    clientName: typeof name === 'string' ? name : null,
    via: peer.via,
    requestId: call.requestId,
    traceId: call.trace === null ? (traceIn(metaOf(target.params))?.traceId ?? null) : call.trace.traceId,
    address: peer.credential.address ?? null,
  };
  // Arguments and result, where somebody wants them in history.
  if ((target.record === 'arguments' || target.record === 'all') && target.method === 'tools/call') {
    record.arguments = target.params['arguments'] ?? {};
    if (target.record === 'all' && result !== null) record.result = result;
  }
  if (record.errorMessage !== null || record.result !== undefined) record.given = target.params['arguments'];
  return record;
}

/** Blocks of a result that are looked through for a text. */
const mostBlocks = 100;
/** Characters given to the record, which keeps fewer: a secret that begins within those is still seen whole. */
const longestGiven = 8_192;

/**
 * A tool's text about its own error: the first text of its result, empty where it has none; null where none is kept.
 */
function toolErrorOf(target: Target, result: JsonObject | null): string | null {
  if (!target.record || result === null) return null;
  const content: unknown[] = Array.isArray(result['content']) ? result['content'].slice(0, mostBlocks) : [];
  for (const block of content) {
    const text = isObject(block) && block['type'] === 'text' ? block['text'] : undefined;
    if (typeof text === 'string' && text !== '') return text.slice(0, longestGiven);
  }
  return '';
}
