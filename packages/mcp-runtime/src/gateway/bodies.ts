import { asMessage, ErrorCode } from '../rpc.ts';
import type { JsonRpcMessage } from '../types.ts';
import { HttpRefusal } from './http-io.ts';

const MAX_BATCH = 100;

/** Reads the messages of a body: one, or a batch of session-era messages. */
export function messagesOf(body: unknown): { messages: JsonRpcMessage[]; batch: boolean } {
  const batch = Array.isArray(body);
  const parts: unknown[] = batch ? body : [body];
  if (parts.length === 0) throw invalid('the batch is empty');
  if (parts.length > MAX_BATCH) throw invalid(`a batch may have at most ${MAX_BATCH} messages`);
  return { messages: parts.map(messageOf), batch };
}

/** One message of a body. */
export function messageOf(body: unknown): JsonRpcMessage {
  const message = asMessage(body);
  if (message === null) throw invalid('expected a JSON-RPC 2.0 request, notification or response');
  return message;
}

function invalid(what: string): HttpRefusal {
  return new HttpRefusal(400, ErrorCode.invalidRequest, `Invalid Request: ${what}`);
}
