import { randomUUID } from 'node:crypto';
import { ErrorCode, metaOf, RpcError } from '../../rpc.ts';
import type { JsonObject, JsonRpcId, JsonRpcResponse } from '../../types.ts';
import { cancelled } from '../../upstream/failures.ts';
import type { AskClient } from './peer.ts';

/** Questions of servers that a session's client has before it. */
export interface SessionAsks {
  /** Asks on the stream of one of the client's requests, or on none's. */
  on(related: JsonRpcId | null): AskClient;
  /** Takes the client's answer. */
  settle(message: JsonRpcResponse): void;
  /** Takes the client's progress on a question; false where it is on none. */
  progress(params: JsonObject): boolean;
  close(): void;
}

interface Question {
  resolve(result: JsonObject): void;
  reject(error: unknown): void;
  progress: ((params: JsonObject) => void) | undefined;
}

export interface SessionAsksOptions {
  /** Sends a message; `related` names the client's request it belongs to. */
  emit(this: void, message: JsonObject, related: JsonRpcId | null): void;
}

/** Questions a client may have before it at once. */
const most = 64;

/** The server's progress token is its own; the client is given one of the hub's. */
function withToken(params: JsonObject, token: string): JsonObject {
  const meta = metaOf(params);
  return meta?.['progressToken'] === undefined ? params : { ...params, _meta: { ...meta, progressToken: token } };
}

export function createSessionAsks(options: SessionAsksOptions): SessionAsks {
  const open = new Map<string, Question>();
  let closed = false;
  let counter = 0;
  // Ids that no earlier session of this client can have used: a late answer to one must not settle another.
  const prefix = `hub-${randomUUID().slice(0, 8)}`;

  return {
    on:
      (related) =>
      (method, params, { signal, progress }) => {
        if (closed) return Promise.reject(new RpcError(ErrorCode.server, 'The client has gone'));
        if (signal.aborted) return Promise.reject(cancelled());
        if (open.size >= most) {
          return Promise.reject(new RpcError(ErrorCode.server, `More than ${most} questions wait for the client`));
        }
        const id = `${prefix}-${++counter}`;
        return new Promise((resolve, reject) => {
          function done(): void {
            open.delete(id);
            signal.removeEventListener('abort', cancel);
          }
          function cancel(): void {
            done();
            const reason = 'The server no longer asks';
            options.emit(
              { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason } },
              related,
            );
            reject(cancelled());
          }
          signal.addEventListener('abort', cancel, { once: true });
          open.set(id, {
            progress,
            resolve: (result) => (done(), resolve(result)),
            reject: (error) => (done(), reject(error)),
          });
          options.emit({ jsonrpc: '2.0', id, method, params: withToken(params, id) }, related);
        });
      },
    settle(message) {
      const entry = open.get(String(message.id));
      if (message.error === undefined) return entry?.resolve(message.result ?? {});
      entry?.reject(new RpcError(message.error.code, message.error.message, message.error.data));
    },
    progress(params) {
      const entry = open.get(String(params['progressToken']));
      entry?.progress?.(params);
      return entry !== undefined;
    },
    close() {
      closed = true;
      for (const entry of open.values()) entry.reject(new RpcError(ErrorCode.server, 'The client has gone'));
    },
  };
}
