import { type CallOrigin, type Link, LinkError, type LinkEvents } from '@switchboard/mcp-runtime';
import type {
  JsonObject,
  JsonRpcId,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
} from '@switchboard/mcp-runtime/types';

/** A message of the hub to a server that lives in this process. */
export interface Received {
  method: string;
  params: JsonObject;
  /** Null for a notification. */
  id: JsonRpcId | null;
  /** The caller; null for requests of the hub itself. */
  origin: CallOrigin | null;
  /** Aborts where the call is cancelled, and where the link ends. */
  signal: AbortSignal;
  /** Says something in the course of the call. */
  tell(notification: JsonRpcNotification): void;
}

/** The answering side of such a server. */
export interface Answering {
  /**
   * Returns the reply, with the id of the message; null where none is due. An exception ends the call with `failure`.
   */
  answer(received: Received, message: JsonRpcMessage): Promise<JsonRpcMessage | null>;
  failure: string;
  negotiated?(protocolVersion: string): void;
  /** The link ended. */
  closed?(): void;
}

/** A link to a server that lives in this process: messages pass unchanged, and cancelled calls end. */
export function linkWithin(events: LinkEvents, { answer, failure, negotiated, closed }: Answering): Link {
  const ended = new AbortController();
  const running = new Map<JsonRpcId, AbortController>();

  async function take(message: JsonRpcRequest | JsonRpcNotification, origin: CallOrigin | null): Promise<void> {
    const id = 'id' in message ? message.id : null;
    const call = new AbortController();
    if (id !== null) running.set(id, call);
    const signal = AbortSignal.any([ended.signal, call.signal]);
    function tell(notification: JsonRpcNotification) {
      if (!signal.aborted) events.message(notification, id);
    }
    try {
      const { method, params = {} } = message;
      const reply = await answer({ method, params, id, origin, signal, tell }, message);
      if (reply && !signal.aborted) events.message(reply, id);
    } catch (error) {
      if (id !== null) events.lost(id, new LinkError('closed', failure, { cause: error }));
    } finally {
      if (id !== null) running.delete(id);
    }
  }

  return {
    pid: null,
    send(message, options) {
      if (!('method' in message)) return Promise.resolve();
      if (message.method === 'notifications/cancelled') {
        const id = message.params?.['requestId'];
        if (typeof id === 'string' || typeof id === 'number') running.get(id)?.abort();
      } else void take(message, options?.origin ?? null);
      return Promise.resolve();
    },
    negotiated: ({ protocolVersion }) => negotiated?.(protocolVersion),
    close() {
      if (!ended.signal.aborted) {
        ended.abort();
        closed?.();
        events.closed(null);
      }
      return Promise.resolve();
    },
  };
}
