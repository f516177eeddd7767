import type { IncomingMessage, ServerResponse } from 'node:http';

import { asMessage, ErrorCode, isRequest } from '../rpc.ts';
import type { HttpContext, JsonRpcId, JsonRpcMessage } from '../types.ts';
import { isLegacyVersion } from '../versions.ts';
import { createEventLog } from './event-log.ts';
import { accepts, header, HttpRefusal, sendAccepted, sendJson } from './http-io.ts';
import type { Outbox, Session } from './session.ts';
import { openSse } from './sse-stream.ts';
import type { SseStream } from './sse-stream.ts';

/** How long an answer may take before its stream is opened, so that proxies and clients see life. */
const QUIET_MS = 2000;
const RETRY_MS = 1000;
/** Bytes a client may leave unread before its stream is cut; it can resume. */
const UNREAD_LIMIT = 8 * 1024 * 1024;
/** Messages kept for a client that has no stream open. */
const GENERAL = 'g';

interface Exchange {
  stream: string;
  response: ServerResponse | null;
  sse: SseStream | null;
  /** Requests of this POST not answered yet. */
  open: Set<JsonRpcId>;
  batch: string[] | null;
  timer: NodeJS.Timeout | undefined;
  canStream: boolean;
}

/** The streams of one session over streamable HTTP: a POST's own, and the general one a GET opens. */
export interface StreamableTransport {
  outbox: Outbox;
  bind(session: Session): void;
  post(
    messages: readonly JsonRpcMessage[],
    batch: boolean,
    request: IncomingMessage,
    response: ServerResponse,
    context: HttpContext,
  ): void;
  get(request: IncomingMessage, response: ServerResponse): void;
  /** True while some stream of the session is open. */
  connected(): boolean;
  close(): void;
}

export function createStreamableTransport(): StreamableTransport {
  const log = createEventLog();
  const byRequest = new Map<JsonRpcId, Exchange>();
  const byStream = new Map<string, Exchange>();
  const attached = new Map<string, SseStream>();
  const waiting: string[] = [];
  let session: Session | undefined;
  let streams = 0;

  const sessionHeader = (): Record<string, string> => (session === undefined ? {} : { 'mcp-session-id': session.id });

  const write = (stream: string, sse: SseStream | undefined | null, message: string): void => {
    const id = log.add(stream, message);
    if (sse === undefined || sse === null) return;
    sse.send(message, id);
    if (sse.buffered() > UNREAD_LIMIT) sse.end();
  };

  const openStream = (exchange: Exchange): void => {
    clearTimeout(exchange.timer);
    if (exchange.sse !== null || exchange.response === null || !exchange.canStream) return;
    const primes = (session?.version() ?? '') >= '2025-11-25';
    exchange.sse = openSse(exchange.response, {
      headers: sessionHeader(),
      ...(primes ? { prime: { id: log.start(exchange.stream), retryMs: RETRY_MS } } : {}),
    });
  };

  const emitGeneral = (message: string): void => {
    const general = attached.get(GENERAL);
    if (general !== undefined && !general.ended()) return write(GENERAL, general, message);
    const isRequestMessage = message.startsWith('{"jsonrpc":"2.0","id":');
    const last = [...byRequest.values()].at(-1);
    if (isRequestMessage && last !== undefined) return emitOn(last, message);
    waiting.push(message);
    if (waiting.length > 100) waiting.shift();
  };

  const emitOn = (exchange: Exchange, message: string): void => {
    openStream(exchange);
    write(exchange.stream, exchange.sse ?? attached.get(exchange.stream), message);
  };

  const finish = (exchange: Exchange): void => {
    clearTimeout(exchange.timer);
    byStream.delete(exchange.stream);
    if (exchange.sse !== null) exchange.sse.end();
    else if (exchange.response !== null) {
      const { batch } = exchange;
      if (batch !== null) sendJson(exchange.response, 200, `[${batch.join(',')}]`, sessionHeader());
    }
    attached.get(exchange.stream)?.end();
    attached.delete(exchange.stream);
  };

  const outbox: Outbox = {
    emit(message, related) {
      const exchange = related === null ? undefined : byRequest.get(related);
      if (exchange === undefined) emitGeneral(message);
      else emitOn(exchange, message);
    },
    answer(id, message) {
      const exchange = byRequest.get(id);
      if (exchange === undefined) return;
      byRequest.delete(id);
      exchange.open.delete(id);
      if (message !== '') {
        if (exchange.sse !== null || attached.has(exchange.stream))
          write(exchange.stream, exchange.sse ?? attached.get(exchange.stream), message);
        else if (exchange.batch !== null) exchange.batch.push(message);
        else if (exchange.response !== null && exchange.open.size === 0) {
          clearTimeout(exchange.timer);
          byStream.delete(exchange.stream);
          return sendJson(exchange.response, 200, message, sessionHeader());
        }
      }
      if (exchange.open.size === 0) finish(exchange);
    },
  };

  const dropResponse = (exchange: Exchange, response: ServerResponse): void => {
    if (exchange.response !== response) return;
    exchange.response = null;
    exchange.sse = null;
    clearTimeout(exchange.timer);
  };

  return {
    outbox,
    bind(bound) {
      session = bound;
    },
    connected: () => byRequest.size > 0 || [...attached.values()].some((stream) => !stream.ended()),
    post(messages, batch, request, response, context) {
      const requests = messages.filter(isRequest);
      if (requests.length === 0) {
        for (const message of messages) session?.receive(message, context.requestId);
        return sendAccepted(response);
      }
      const taken = requests.find((message) => byRequest.has(message.id));
      if (taken !== undefined)
        throw new HttpRefusal(400, ErrorCode.invalidRequest, `Invalid Request: id ${taken.id} is still in use`);
      const canStream = accepts(request, 'text/event-stream');
      const exchange: Exchange = {
        stream: (++streams).toString(36).padStart(2, 's'),
        response,
        sse: null,
        open: new Set(requests.map((message) => message.id)),
        batch: batch ? [] : null,
        timer: undefined,
        canStream,
      };
      byStream.set(exchange.stream, exchange);
      for (const message of requests) byRequest.set(message.id, exchange);
      response.once('close', () => dropResponse(exchange, response));
      for (const message of messages) session?.receive(message, context.requestId);
      if (exchange.open.size > 0 && canStream && !batch) {
        exchange.timer = setTimeout(() => openStream(exchange), QUIET_MS);
        exchange.timer.unref();
      }
    },
    get(request, response) {
      if (!accepts(request, 'text/event-stream')) {
        throw new HttpRefusal(
          406,
          ErrorCode.server,
          'Not Acceptable: a GET here opens an event stream; send Accept: text/event-stream',
        );
      }
      const last = header(request, 'last-event-id');
      const resumed = last === undefined ? null : log.after(last);
      if (last !== undefined && resumed === null)
        throw new HttpRefusal(400, ErrorCode.server, 'Bad Request: this Last-Event-ID is none of this session');
      const stream = resumed?.stream ?? GENERAL;
      const exchange = byStream.get(stream);
      attached.get(stream)?.end();
      if (exchange?.sse != null) {
        exchange.sse.end();
        exchange.sse = null;
      }
      const sse = openSse(response, { headers: sessionHeader() });
      attached.set(stream, sse);
      sse.onClose(() => {
        if (attached.get(stream) === sse) attached.delete(stream);
      });
      for (const event of resumed?.events ?? []) sse.send(event.data, event.id);
      if (stream === GENERAL) for (const message of waiting.splice(0)) write(GENERAL, sse, message);
      else if (exchange === undefined) sse.end();
    },
    close() {
      for (const exchange of byStream.values()) finish(exchange);
      for (const sse of attached.values()) sse.end();
      byRequest.clear();
    },
  };
}

/** Checks what every later request of a session must carry. */
export function checkVersionHeader(request: IncomingMessage): void {
  const version = header(request, 'mcp-protocol-version');
  if (version === undefined || isLegacyVersion(version)) return;
  throw new HttpRefusal(400, ErrorCode.server, `Bad Request: unsupported MCP-Protocol-Version ${version}`);
}

/** Reads the messages of a body: one, or a batch of session-era messages. */
export function messagesOf(body: unknown): { messages: JsonRpcMessage[]; batch: boolean } {
  const batch = Array.isArray(body);
  const parts = batch ? body : [body];
  if (parts.length === 0) throw new HttpRefusal(400, ErrorCode.invalidRequest, 'Invalid Request: the batch is empty');
  if (parts.length > 100)
    throw new HttpRefusal(400, ErrorCode.invalidRequest, 'Invalid Request: a batch may have at most 100 messages');
  const messages = parts.map((part) => {
    const message = asMessage(part);
    if (message === null) {
      throw new HttpRefusal(
        400,
        ErrorCode.invalidRequest,
        'Invalid Request: expected a JSON-RPC 2.0 request, notification or response',
      );
    }
    return message;
  });
  return { messages, batch };
}
