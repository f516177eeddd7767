import { asMessage, ErrorCode, isId, isObject, toErrorObject } from '../rpc.ts';
import type { JsonRpcMessage } from '../types.ts';
import { HttpRefusal } from './http-io.ts';

const MAX_BATCH = 100;

/** What a client posted. */
export interface Body {
  messages: JsonRpcMessage[];
  batch: boolean;
  /** Answers to what is no message in a batch, as JSON. */
  faults: readonly string[];
}

/** Reads a body: one message, or a batch of session-era messages, of which one that is none does not spoil the others. */
export function readBody(body: unknown): Body {
  if (!Array.isArray(body)) return { messages: [messageOf(body)], batch: false, faults: [] };
  if (body.length === 0) throw invalid('the batch is empty');
  if (body.length > MAX_BATCH) throw invalid(`a batch may have at most ${MAX_BATCH} messages`);
  const messages: JsonRpcMessage[] = [];
  const faults: string[] = [];
  for (const part of body as unknown[]) {
    const message = asMessage(part);
    if (message === null) faults.push(faultOf(part));
    else messages.push(message);
  }
  if (messages.length === 0) throw noMessage();
  return { messages, batch: true, faults };
}

function faultOf(part: unknown): string {
  const id = isObject(part) && isId(part['id']) ? part['id'] : null;
  return JSON.stringify({ jsonrpc: '2.0', id, error: toErrorObject(noMessage().error) });
}

/** One message of a body. */
export function messageOf(body: unknown): JsonRpcMessage {
  const message = asMessage(body);
  if (message === null) throw noMessage();
  return message;
}

function noMessage(): HttpRefusal {
  return invalid('expected a JSON-RPC 2.0 request, notification or response');
}

function invalid(what: string): HttpRefusal {
  return new HttpRefusal(400, ErrorCode.invalidRequest, `Invalid Request: ${what}`);
}
