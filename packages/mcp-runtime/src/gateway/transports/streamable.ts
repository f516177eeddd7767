import type { IncomingMessage, ServerResponse } from 'node:http';
import { Alarm } from '../../hot/alarm.ts';
import { InFlight } from '../../hot/in-flight.ts';
import { ErrorCode, isRequest, RpcError, toErrorObject } from '../../rpc.ts';
import type { HttpContext, JsonRpcId, JsonRpcRequest } from '../../types.ts';
import type { Body } from '../io/bodies.ts';
import { createEventLog, type EventLog } from '../io/event-log.ts';
import { accepts, header, HttpRefusal, sendAccepted, sendError, sendJson } from '../io/http-io.ts';
import { openSse, type SseStream } from '../io/sse-stream.ts';
import type { Outbox, Session } from '../sessions/session.ts';

/** How long an answer may take before its stream is opened, so that proxies and clients see life. */
const quietMs = 2000;
const retryMs = 1000;
/** How long a client may take to resume. */
const resumeMs = 5 * 60_000;
/** Stream of messages that belong to no request. */
const generalStream = 'g';
const maxWaiting = 100;
const maxWaitingChars = 1024 * 1024;

/** One POST with requests, until each of them is answered. */
interface PostedRequests {
  /** Its name once it has become a stream. */
  stream: string;
  readonly canStream: boolean;
  readonly batch: boolean;
  /** Requests not answered yet. */
  open: number;
  /** Answers that wait to go out together, as JSON. */
  answers: string[];
  /** Null once the client has gone, or follows by a GET. */
  response: ServerResponse | null;
  sse: SseStream | null;
  /** True once it has become an event stream: what comes is kept for a client that has lost it. */
  streamed: boolean;
  /** `performance.now()` of when its stream is opened although nothing has come yet; Infinity where it has none or is open. */
  quietUntil: number;
}

/** The streams of one session over streamable HTTP: a POST's own, and the general one a GET opens. */
export interface StreamableTransport {
  outbox: Outbox;
  bind(session: Session): void;
  post(body: Body, request: IncomingMessage, response: ServerResponse, context: HttpContext): void;
  get(request: IncomingMessage, response: ServerResponse): void;
  /** True while some stream of the session is open. */
  connected(): boolean;
  /** Forgets what nobody will resume any more. */
  sweep(now: number): void;
  close(): void;
}

interface Context {
  readonly log: EventLog;
  readonly byRequest: InFlight<JsonRpcId, PostedRequests>;
  readonly byStream: Map<string, PostedRequests>;
  /** Opens the streams of answers that take long. */
  readonly alarm: Alarm;
  /** Streams opened by GET. */
  readonly attached: Map<string, SseStream>;
  /** Messages for the general stream while none is open. */
  waiting: string[];
  session: Session | null;
  streams: number;
}

function sessionHeader({ session }: Context): Record<string, string> {
  return session?.ready() === true ? { 'mcp-session-id': session.id } : {};
}

/** Sends on a stream and remembers it; where the client has lost the stream, it is only remembered. */
function write({ log, attached }: Context, stream: string, sse: SseStream | null, message: string): void {
  const id = log.add(stream, message);
  (sse ?? attached.get(stream))?.send(message, id);
}

/** Makes an event stream of an answer that was not one yet. */
function openStream(context: Context, exchange: PostedRequests): void {
  exchange.quietUntil = Number.POSITIVE_INFINITY;
  const { response } = exchange;
  if (exchange.streamed || response === null || !exchange.canStream) return;
  const stream = (++context.streams).toString(36).padStart(2, 's');
  exchange.stream = stream;
  context.byStream.set(stream, exchange);
  const primes = (context.session?.version() ?? '') >= '2025-11-25';
  exchange.sse = openSse(response, {
    headers: sessionHeader(context),
    ...(primes ? { prime: { id: context.log.start(stream), retryMs: retryMs } } : {}),
  });
  exchange.streamed = true;
  for (const answer of exchange.answers.splice(0)) write(context, stream, exchange.sse, answer);
}

/** Opens streams that were quiet for long enough, and returns the time of the next. */
function openQuiet(context: Context, now: number): number {
  const { byRequest } = context;
  for (const exchange of byRequest.values()) if (exchange.quietUntil <= now) openStream(context, exchange);
  return byRequest.least(({ quietUntil }) => quietUntil);
}

/** Whether a message can be sent on the stream of a POST, or kept for it. */
function reaches({ streamed, canStream, response }: PostedRequests): boolean {
  return streamed || (canStream && response !== null);
}

function emitGeneral(context: Context, message: string, question: boolean): void {
  const { attached, byRequest, waiting } = context;
  const general = attached.get(generalStream);
  if (general !== undefined && !general.ended()) return write(context, generalStream, general, message);
  // A question cannot wait for a stream that the client may never open.
  const last = question ? byRequest.findLast(reaches) : undefined;
  if (last !== undefined) return emitOn(context, last, message, question);
  waiting.push(message);
  let chars = waiting.reduce((sum, { length }) => sum + length, 0);
  while (waiting.length > maxWaiting || (chars > maxWaitingChars && waiting.length > 1)) {
    chars -= waiting.shift()?.length ?? 0;
  }
}

function emitOn(context: Context, exchange: PostedRequests, message: string, question: boolean): void {
  openStream(context, exchange);
  if (exchange.streamed) write(context, exchange.stream, exchange.sse, message);
  else if (question) emitGeneral(context, message, question);
}

function answer(context: Context, id: JsonRpcId, message: string): void {
  const exchange = context.byRequest.take(id);
  if (exchange === undefined) return;
  exchange.open -= 1;
  if (message !== '') {
    if (exchange.streamed) write(context, exchange.stream, exchange.sse, message);
    else exchange.answers.push(message);
  }
  if (exchange.open === 0) finish(context, exchange);
}

function finish(context: Context, exchange: PostedRequests): void {
  const { stream, response, answers, batch } = exchange;
  if (exchange.streamed) {
    context.byStream.delete(stream);
    exchange.sse?.end();
    context.attached.get(stream)?.end();
    context.attached.delete(stream);
  } else if (response !== null && !response.destroyed) {
    const [first] = answers;
    if (first === undefined) return endWithout(response, exchange.canStream);
    sendJson(response, 200, batch ? `[${answers.join(',')}]` : first, sessionHeader(context));
  }
}

/** Ends the answer to requests that were all cancelled: there is nothing to say. */
function endWithout(response: ServerResponse, canStream: boolean): void {
  if (canStream) openSse(response).end();
  else sendAccepted(response);
}

/** The client has gone, or follows by a GET from now on. */
function dropResponse(exchange: PostedRequests): void {
  exchange.response = null;
  exchange.sse = null;
  exchange.quietUntil = Number.POSITIVE_INFINITY;
}

function begin(
  context: Context,
  requests: readonly JsonRpcRequest[],
  how: Pick<PostedRequests, 'canStream' | 'batch' | 'answers'>,
  response: ServerResponse,
): PostedRequests {
  const twice = requests.length > 1 && new Set(requests.map(({ id }) => id)).size < requests.length;
  if (twice || requests.some(({ id }) => context.byRequest.has(id))) {
    throw new HttpRefusal(400, ErrorCode.invalidRequest, 'Invalid Request: this request id is still in use');
  }
  const exchange: PostedRequests = {
    stream: '',
    ...how,
    open: requests.length,
    response,
    sse: null,
    streamed: false,
    quietUntil: Number.POSITIVE_INFINITY,
  };
  for (const { id } of requests) context.byRequest.add(id, exchange);
  response.on('close', () => {
    if (exchange.response === response) dropResponse(exchange);
  });
  return exchange;
}

function get(context: Context, request: IncomingMessage, response: ServerResponse): void {
  const { log, byStream, attached } = context;
  if (!accepts(request, 'text/event-stream')) {
    const text = 'Not Acceptable: a GET here opens an event stream; send Accept: text/event-stream';
    throw new HttpRefusal(406, ErrorCode.server, text);
  }
  const last = header(request, 'last-event-id');
  const resumed = last === undefined ? null : log.after(last);
  const stream = resumed?.stream ?? generalStream;
  const exchange = byStream.get(stream);
  if (last !== undefined && resumed === null) {
    throw new HttpRefusal(400, ErrorCode.server, 'Bad Request: this Last-Event-ID is none of this session');
  }
  attached.get(stream)?.end();
  if (exchange !== undefined) {
    exchange.sse?.end();
    dropResponse(exchange);
  }
  const sse = openSse(response, { headers: sessionHeader(context) });
  attached.set(stream, sse);
  sse.onClose(() => {
    if (attached.get(stream) === sse) attached.delete(stream);
    context.session?.seen();
  });
  for (const event of resumed?.events ?? []) sse.send(event.data, event.id);
  if (stream === generalStream)
    for (const message of context.waiting.splice(0)) write(context, generalStream, sse, message);
  else if (exchange === undefined) sse.end();
}

function close(context: Context): void {
  const gone = new RpcError(ErrorCode.sessionNotFound, 'The session ended: send initialize to start a new one');
  for (const [id, exchange] of context.byRequest.entries()) {
    if (exchange.sse !== null) {
      exchange.sse.send(JSON.stringify({ jsonrpc: '2.0', id, error: toErrorObject(gone) }));
    } else if (exchange.response !== null) {
      sendError(exchange.response, 404, id, gone);
    }
  }
  for (const exchange of context.byStream.values()) exchange.sse?.end();
  for (const sse of context.attached.values()) sse.end();
  context.alarm.stop();
  context.byRequest.takeAll();
  context.byStream.clear();
  context.attached.clear();
}

/** `elapsed`: milliseconds of a clock that nobody sets. */
export function createStreamableTransport(elapsed: () => number): StreamableTransport {
  const context: Context = {
    log: createEventLog(elapsed),
    byRequest: new InFlight(),
    byStream: new Map(),
    alarm: new Alarm((at) => openQuiet(context, at)),
    attached: new Map(),
    waiting: [],
    session: null,
    streams: 0,
  };
  return {
    outbox: {
      emit(message, related, question) {
        const exchange = related === null ? undefined : context.byRequest.get(related);
        if (exchange === undefined) emitGeneral(context, message, question);
        else emitOn(context, exchange, message, question);
      },
      answer: (id, message) => answer(context, id, message),
    },
    bind(session) {
      context.session = session;
    },
    connected: () => context.byRequest.size > 0 || [...context.attached.values()].some((stream) => !stream.ended()),
    post({ messages, batch, faults }, request, response, from) {
      const { session } = context;
      const requests = messages.filter(isRequest);
      if (requests.length === 0) {
        for (const message of messages) session?.receive(message, from);
        return faults.length === 0 ? sendAccepted(response) : sendJson(response, 200, `[${faults.join(',')}]`);
      }
      const canStream = accepts(request, 'text/event-stream');
      const exchange = begin(context, requests, { canStream, batch, answers: [...faults] }, response);
      for (const message of messages) session?.receive(message, from);
      if (exchange.open > 0 && canStream && !batch) {
        exchange.quietUntil = performance.now() + quietMs;
        context.alarm.by(exchange.quietUntil);
      }
    },
    get: (request, response) => get(context, request, response),
    sweep: (at) => context.log.prune(at - resumeMs),
    close: () => close(context),
  };
}
