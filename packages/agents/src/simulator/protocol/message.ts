import { isObject } from '@switchboard/basics';
import { objectIn } from '../../providers/json.ts';
import type { JsonObject } from '../../types.ts';
import { shown } from '../bounds.ts';
import type { RpcError, RpcId, RpcReply } from '../ports.ts';

export const errorCodes = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  server: -32000,
  /** An action where one is called, a resource where one is read. */
  notFound: -32002,
  rateLimited: -32003,
  unsupportedVersion: -32022,
} as const;

/** A request that is refused. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: number;
  readonly data: unknown;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** The error of a reply. */
export function errorOf({ code, message, data }: Refusal): RpcError {
  return data === undefined ? { code, message } : { code, message, data };
}

/** A reply with an error. */
export function errorReply(id: RpcId | null, error: RpcError): RpcReply {
  return { jsonrpc: '2.0', id, error };
}

/** A method nobody knows. */
export function methodNotFound(method: string): Refusal {
  return new Refusal(errorCodes.methodNotFound, `Method not found: ${shown(method)}`);
}

/** Params that do not do. */
export function invalidParams(message: string, data?: unknown): Refusal {
  return new Refusal(errorCodes.invalidParams, `Invalid params: ${message}`, data);
}

/** One message as it was read. */
export type Read =
  | { kind: 'request'; id: RpcId; method: string; params: JsonObject }
  /** A notification, or a response without a request: neither has an effect. */
  | { kind: 'nothing' }
  | { kind: 'bad'; id: RpcId | null; why: string };

function isId(value: unknown): value is RpcId {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

function hasParams({ params }: JsonObject): boolean {
  return params === undefined || params === null || isObject(params) || (Array.isArray(params) && params.length === 0);
}

/** Reads a message of JSON-RPC 2.0, whatever it is. */
export function readMessage(value: unknown): Read {
  if (!isObject(value)) return { kind: 'bad', id: null, why: 'a message is a JSON object' };
  const id = isId(value['id']) ? value['id'] : null;
  if (value['jsonrpc'] !== '2.0') return { kind: 'bad', id, why: 'jsonrpc has to be "2.0"' };
  const { method } = value;
  if (method === undefined && (value['result'] !== undefined || value['error'] !== undefined))
    return { kind: 'nothing' };
  if (typeof method !== 'string' || method === '') return { kind: 'bad', id, why: 'method has to be a text' };
  if (value['id'] === undefined) return { kind: 'nothing' };
  if (id === null) return { kind: 'bad', id, why: 'id has to be a text or a number' };
  if (!hasParams(value)) return { kind: 'bad', id, why: 'params has to be an object' };
  return { kind: 'request', id, method, params: objectIn(value['params']) };
}
