import type { ServerResponse } from 'node:http';
import { ErrorCode, RpcError, toErrorObject } from '../../rpc.ts';
import type { JsonObject, JsonRpcId } from '../../types.ts';
import { HttpRefusal, sendError, sendJson } from '../io/http-io.ts';
import { openSse, type SseStream } from '../io/sse-stream.ts';
import { encodeResult, type Result } from '../sessions/peer.ts';

/** How long an answer may take before its stream is opened, so that proxies and clients see life. */
const quietMs = 2000;

const badRequest: readonly number[] = [
  ErrorCode.headerMismatch,
  ErrorCode.missingCapability,
  ErrorCode.unsupportedVersion,
];
const notFound: readonly number[] = [ErrorCode.methodNotFound, ErrorCode.sessionNotFound];

/** HTTP status of an error a stateless request ends in (specification 2026-07-28, streamable HTTP). */
export function statusOf(error: unknown): number {
  if (error instanceof HttpRefusal) return error.status;
  if (!(error instanceof RpcError)) return 500;
  if (notFound.includes(error.code)) return 404;
  return badRequest.includes(error.code) ? 400 : 200;
}

/** An answer: JSON, unless a notification precedes the result. */
export interface Reply {
  notify(this: void, method: string, params: JsonObject): void;
  result(id: JsonRpcId, result: Result): void;
  error(id: JsonRpcId, error: unknown): void;
}

/** Answers one stateless request; a client that takes no event streams gets no notification before its result. */
export function createReply(response: ServerResponse, canStream: boolean): Reply {
  let sse: SseStream | null = null;
  function stream(): SseStream | null {
    if (sse === null && canStream && !response.destroyed && !response.headersSent) sse = openSse(response);
    return sse;
  }
  const quiet = setTimeout(stream, quietMs);
  quiet.unref();
  return {
    notify: (method, params) => stream()?.send(JSON.stringify({ jsonrpc: '2.0', method, params })),
    result(id, result) {
      clearTimeout(quiet);
      const opened = sse;
      if (opened === null) return sendJson(response, 200, encodeResult(id, result));
      // Clients that find progress and answer in one read drop the progress.
      setImmediate(() => {
        opened.send(encodeResult(id, result));
        opened.end();
      });
    },
    error(id, error) {
      clearTimeout(quiet);
      const known = error instanceof HttpRefusal ? error.error : error;
      if (sse === null) return sendError(response, statusOf(error), id, known);
      sse.send(JSON.stringify({ jsonrpc: '2.0', id, error: toErrorObject(known) }));
      sse.end();
    },
  };
}
