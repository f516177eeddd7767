import { asMessage, ErrorCode, isId, isObject, MAX_METHOD_LENGTH } from '../rpc.ts';
import type { JsonRpcMessage } from '../types.ts';
import { errorText, HttpRefusal } from './http-io.ts';
import { InexactId } from './inexact-ids.ts';

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
    try {
      messages.push(messageOf(part));
    } catch (error) {
      if (!(error instanceof HttpRefusal)) throw error;
      faults.push(toFault(part, error));
    }
  }
  if (messages.length === 0) throw noMessage();
  return { messages, batch: true, faults };
}

function toFault(part: unknown, fault: HttpRefusal): string {
  const id = isObject(part) && isId(part['id']) ? part['id'] : null;
  return errorText(fault.idText ?? JSON.stringify(id), fault.error);
}

/** Why a message cannot be taken though it has the shape of one; null where it can. */
function faultIn(message: JsonRpcMessage): HttpRefusal | null {
  if (!('method' in message) || message.method.length <= MAX_METHOD_LENGTH) return null;
  return invalid(`the name of a method may have at most ${MAX_METHOD_LENGTH} characters`);
}

/** One message of a body. */
export function messageOf(body: unknown): JsonRpcMessage {
  const message = asMessage(body);
  if (message === null) throw noMessage(body);
  const fault = faultIn(message);
  if (fault !== null) throw fault;
  return message;
}

function noMessage(body?: unknown): HttpRefusal {
  const id = isObject(body) ? body['id'] : undefined;
  if (id instanceof InexactId) {
    const what = `the id ${id.text} cannot be given back exactly; use a text, or a whole number up to 2^53 - 1`;
    return new HttpRefusal(400, ErrorCode.invalidRequest, `Invalid Request: ${what}`, { idText: id.text });
  }
  return invalid('expected a JSON-RPC 2.0 request, notification or response');
}

function invalid(what: string): HttpRefusal {
  return new HttpRefusal(400, ErrorCode.invalidRequest, `Invalid Request: ${what}`);
}
