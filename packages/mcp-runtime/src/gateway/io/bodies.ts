import { isObject } from '@switchboard/basics';
import { asMessage, ErrorCode, isId, maxMethodLength } from '../../rpc.ts';
import type { JsonObject, JsonRpcMessage } from '../../types.ts';
import { InexactId } from '../calls/inexact-ids.ts';
import { errorText, HttpRefusal } from './http-io.ts';

const maxBatch = 100;

/** The body of a client's POST. */
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
  if (body.length > maxBatch) throw invalid(`a batch may have at most ${maxBatch} messages`);
  const messages: JsonRpcMessage[] = [];
  const faults: string[] = [];
  for (const part of body as unknown[]) {
    try {
      messages.push(messageOf(part));
    } catch (error) {
      if (!(error instanceof HttpRefusal)) throw error;
      faults.push(errorText(error.idText ?? 'null', error.error));
    }
  }
  if (messages.length === 0) throw noMessage();
  return { messages, batch: true, faults };
}

/** Why a message cannot be taken though it has the shape of one; null where it can. */
function faultIn(message: JsonRpcMessage): HttpRefusal | null {
  if (!('method' in message) || message.method.length <= maxMethodLength) return null;
  return invalid(`the name of a method may have at most ${maxMethodLength} characters`, message);
}

/** One message of a body. */
export function messageOf(body: unknown): JsonRpcMessage {
  const message = asMessage(body);
  if (message === null) throw noMessage(body);
  const fault = faultIn(message);
  if (fault !== null) throw fault;
  return message;
}

/** The problem of an object that is no message. */
function wrongIn({ jsonrpc, id, method, params }: JsonObject): string {
  if (jsonrpc !== '2.0') return 'jsonrpc has to be "2.0"';
  if (id instanceof InexactId) {
    return `the id ${id.text} cannot be given back exactly; use a text, or a whole number up to 2^53 - 1`;
  }
  if (method === undefined) return 'expected a JSON-RPC 2.0 request, notification or response';
  if (typeof method !== 'string') return 'method has to be a text';
  if (id !== undefined && !isId(id)) return 'id has to be a text or a number, or left out of a notification';
  return `params has to be an object, and is ${Array.isArray(params) ? 'a list' : `a ${typeof params}`}`;
}

function noMessage(body?: unknown): HttpRefusal {
  if (isObject(body)) return invalid(wrongIn(body), body);
  return invalid('expected a JSON-RPC 2.0 request, notification or response');
}

/** `of`: what it was said in; its sender finds the error by its id. */
function invalid(what: string, of?: object): HttpRefusal {
  const id: unknown = of !== undefined && 'id' in of ? of.id : null;
  const idText = id instanceof InexactId ? id.text : isId(id) ? JSON.stringify(id) : undefined;
  return new HttpRefusal(400, ErrorCode.invalidRequest, `Invalid Request: ${what}`, {
    ...(idText !== undefined && { idText }),
  });
}
