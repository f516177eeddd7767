import { isObject } from '@switchboard/basics';
import { textOf, type Reason } from './reasons.ts';
import type {
  JsonObject,
  JsonRpcErrorObject,
  JsonRpcId,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  JsonRpcResponse,
} from './types.ts';

/** Most characters of a method's name, on both sides of the hub. */
export const maxMethodLength = 256;

/** JSON-RPC and MCP error codes the hub itself gives. */
export const ErrorCode = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** Connection-level trouble: no session, server away, cap reached. */
  server: -32000,
  sessionNotFound: -32001,
  resourceNotFound: -32002,
  /** A limit that counts calls is used up; `data.retryAfterSeconds` says how long. */
  rateLimited: -32003,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
  urlElicitationRequired: -32042,
} as const;

/** A JSON-RPC error for the caller; `code` and `data` are the server's own where it gave them. */
export class RpcError extends Error {
  override name = 'RpcError';
  readonly code: number;
  readonly data: unknown;
  /** Null where it is put into words only. */
  readonly reason: Reason | null;
  constructor(code: number, why: Reason | string, data?: unknown) {
    super(textOf(why));
    this.code = code;
    this.data = data;
    this.reason = typeof why === 'string' ? null : why;
  }
}

/** Adds the code and the parameters of the reason to the error's own data. */
function dataOf({ data, reason }: RpcError): unknown {
  if (reason === null || (data !== undefined && !isObject(data))) return data;
  const { code, params } = reason;
  return { ...data, why: { code, params } };
}

/** The wire form of anything thrown; an unknown failure becomes an internal error without its text. */
export function toErrorObject(error: unknown): JsonRpcErrorObject {
  if (error instanceof RpcError) {
    const { code, message } = error;
    const data = dataOf(error);
    return data === undefined ? { code, message } : { code, message, data };
  }
  return { code: ErrorCode.internal, message: 'Internal error' };
}

export function isId(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

/**
 * An id as peers of loose types give it back: the text of a number, or the number of a text; null where there is none.
 */
export function otherForm(id: unknown): JsonRpcId | null {
  if (typeof id === 'number') return String(id);
  if (typeof id !== 'string' || id.length > 16) return null;
  return String(Number(id)) === id ? Number(id) : null;
}

/** Whether two ids are the same in either form. */
export function isSameId(a: JsonRpcId | null, b: JsonRpcId | null): boolean {
  return a === b || (a !== null && otherForm(a) === b);
}

export function isRequest(message: JsonRpcMessage): message is JsonRpcRequest {
  return 'method' in message && 'id' in message;
}

export function isNotification(message: JsonRpcMessage): message is JsonRpcNotification {
  return 'method' in message && !('id' in message);
}

/**
 * Whether a request or notification has params as they should be: an object, or none; null and an empty list, as clients
 * of several languages write none, go.
 */
function hasParams(value: JsonObject): boolean {
  const { params } = value;
  if (params === undefined || isObject(params)) return true;
  if (params !== null && !(Array.isArray(params) && params.length === 0)) return false;
  delete value['params'];
  return true;
}

/** Checks the JSON-RPC shape of a value from outside; null where it is none. */
export function asMessage(value: unknown): JsonRpcMessage | null {
  if (!isObject(value) || value['jsonrpc'] !== '2.0') return null;
  if ('method' in value) {
    if (typeof value['method'] !== 'string') return null;
    if (!hasParams(value)) return null;
    if ('id' in value && !isId(value['id'])) return null;
    return value as unknown as JsonRpcRequest | JsonRpcNotification;
  }
  if (!('id' in value) || !(isId(value['id']) || value['id'] === null)) return null;
  if (isObject(value['result'])) return value as unknown as JsonRpcResponse;
  if (isObject(value['error']) && typeof value['error']['code'] === 'number')
    return value as unknown as JsonRpcResponse;
  return null;
}

/** `_meta` of params, or undefined where there is none. */
export function metaOf(params: JsonObject | undefined): JsonObject | undefined {
  const meta = params?.['_meta'];
  return isObject(meta) ? meta : undefined;
}
