import { isObject } from '@switchboard/basics';
import { excessOf } from '../../nesting.ts';
import { isId, maxMethodLength } from '../../rpc.ts';
import { keepSource } from '../../source-text.ts';
import type { JsonObject, JsonRpcErrorObject, JsonRpcId, JsonRpcMessage } from '../../types.ts';
import { oversizeResponseId } from './json-rpc.ts';
import { keptEdge } from './lines.ts';

/** A message of a server that the hub cannot use. */
export interface Malformed {
  /** The requests it answers, which have no other answer to wait for. */
  ids: readonly JsonRpcId[];
  /** The problem, as a sentence. */
  reason: string;
}

/** The receiver of the messages of one JSON text. */
export interface GateSink {
  message(message: JsonRpcMessage): void;
  malformed(fault: Malformed): void;
}

/** Most messages of a batch; the specification names no number. */
const maxBatch = 1_000;
/** Characters of a text with messages that nobody waits for: progress, log lines, changes. */
const largestNotification = 1024 * 1024;
/** Characters of an odd value that its fault quotes. */
const longestQuote = 200;

/**
 * The one gate for messages of servers, whatever the transport: gives the sink each message of a JSON text (one, or a
 * batch of 2025-03-26) in the shape that its type promises, or reports its problem. False where the text is no JSON-RPC
 * at all. `null` and an empty array count as an absent field, because serialisers of several languages write them.
 */
export function admit(given: string, sink: GateSink): boolean {
  const text = withoutMark(given);
  const excess = excessOf(text);
  if (excess !== null) {
    const id = oversizeResponseId(edgesOf(text));
    sink.malformed({ ids: id === null ? [] : [id], reason: `It ${excess}.` });
    return true;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  if (!Array.isArray(value)) {
    if (isJsonRpc(value) && isObject(value['result'])) keepSource(value['result'], text);
    return admitOne(value, text, sink);
  }
  if (!value.some(isJsonRpc)) return false;
  if (value.length > maxBatch) {
    const reason = `A batch has ${value.length} messages; the hub takes ${maxBatch} at most.`;
    sink.malformed({ ids: value.flatMap(answered), reason });
    return true;
  }
  for (const part of value as unknown[]) {
    if (!admitOne(part, text, sink)) sink.malformed({ ids: [], reason: 'A part of a batch is no JSON-RPC message.' });
  }
  return true;
}

const byteOrderMark = 0xfeff;

/** A text without the byte order mark that some programs write at its beginning. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

/** Whether a value calls itself JSON-RPC 2.0. */
export function isJsonRpc(value: unknown): value is JsonObject {
  return isObject(value) && value['jsonrpc'] === '2.0';
}

function edgesOf(text: string): { head: Buffer; tail: Buffer } {
  return { head: Buffer.from(text.slice(0, keptEdge)), tail: Buffer.from(text.slice(-keptEdge)) };
}

/** Takes a message of a text; false where it is none. */
function admitOne(value: unknown, text: string, sink: GateSink): boolean {
  if (!isJsonRpc(value)) return false;
  const read = isReply(value) ? readReply(value) : readCall(value, text.length);
  if (typeof read === 'string') sink.malformed({ ids: answered(value), reason: read });
  else sink.message(read);
  return true;
}

/** Some serialisers write every field: a reply may carry an empty method. */
function isReply(value: JsonObject): boolean {
  const { method } = value;
  if (typeof method === 'string' && method !== '') return false;
  return 'result' in value || 'error' in value || method === undefined;
}

function answered(value: unknown): JsonRpcId[] {
  return isJsonRpc(value) && isReply(value) && isId(value['id']) ? [value['id']] : [];
}

/** The reply, or what is wrong with it. */
function readReply(value: JsonObject): JsonRpcMessage | string {
  const { id, result, error } = value;
  if (id !== null && !isId(id)) return 'Its id is neither a string nor a number.';
  if (error !== undefined && error !== null) {
    if (!isErrorObject(error)) return `Its error has no numeric code or no message: ${quoted(error)}`;
    return result === undefined && !('method' in value)
      ? (value as unknown as JsonRpcMessage)
      : { jsonrpc: '2.0', id, error };
  }
  if (!('result' in value)) return 'It has neither a result nor an error.';
  if (isObject(result)) {
    return 'error' in value || 'method' in value
      ? { jsonrpc: '2.0', id, result }
      : (value as unknown as JsonRpcMessage);
  }
  return isNothing(result) ? { jsonrpc: '2.0', id, result: {} } : `Its result is no object: ${quoted(result)}`;
}

/** The request or notification, or what is wrong with it; `characters` has the text that it came in. */
function readCall(value: JsonObject, characters: number): JsonRpcMessage | string {
  const { id, method, params } = value;
  if (typeof method !== 'string' || method === '') return 'Its method is not a text.';
  if (method.length > maxMethodLength) {
    return `The name of its method has ${method.length} characters; the hub takes ${maxMethodLength} at most.`;
  }
  const isNotification = id === undefined || id === null;
  if (!isNotification && !isId(id)) return 'Its id is neither a string nor a number.';
  if (isNotification && characters > largestNotification) {
    return `A notification has ${characters} characters; the hub takes ${largestNotification} at most.`;
  }
  const plain = params === undefined || isObject(params);
  if (!plain && !isNothing(params)) return `Its params are no object: ${quoted(params)}`;
  if (plain && id !== null) return value as unknown as JsonRpcMessage;
  const given = isObject(params) ? { params } : {};
  return isNotification ? { jsonrpc: '2.0', method, ...given } : { jsonrpc: '2.0', id, method, ...given };
}

function isErrorObject(value: unknown): value is JsonObject & JsonRpcErrorObject {
  return isObject(value) && Number.isFinite(value['code']) && typeof value['message'] === 'string';
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** The beginning of a value; its nesting was checked before. */
function quoted(value: unknown): string {
  return JSON.stringify(value).slice(0, longestQuote);
}
