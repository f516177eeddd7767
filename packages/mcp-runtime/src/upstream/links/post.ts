import type { IncomingHttpHeaders } from 'node:http';
import type { JsonRpcId, JsonRpcMessage } from '../../types.ts';
import { LinkError } from '../link.ts';
import { contentType } from './follow.ts';
import type { HttpHandler, Target } from './http-client.ts';
import { oversizeResponseId, parseMessages, responseId } from './json-rpc.ts';
import type { OversizeLine } from './lines.ts';
import { noMessage, tooLarge } from './receiver.ts';
import { createBody, errorReply, parseBody, refusal, type Body } from './replies.ts';
import { createEventParser, type EventParser, type ServerSentEvent } from './sse-parser.ts';

/** Where a broken stream can be taken up again. */
export interface Resumption {
  lastEventId: string;
  retryMs: number | null;
}

export interface PostOptions {
  /** The id of the request; null for a message that has no reply. */
  id: JsonRpcId | null;
  /** Largest message in bytes. */
  limit: number;
  inSession: () => boolean;
  /** The server took the message and answers with these headers. */
  accepted: (headers: IncomingHttpHeaders, from: Target) => void;
  /** The server did not take the message. */
  refused: (error: LinkError) => void;
  message: (message: JsonRpcMessage) => void;
  log: (text: string) => void;
  /** The reply has come, though the stream may go on. */
  replied: () => void;
  /** The exchange is over; `error` where a request is left without its reply. */
  done: (error: LinkError | null, resume: Resumption | null) => void;
}

export interface Post {
  handler: HttpHandler;
  /** Takes an event of the stream, also of one that takes it up again. */
  event: (event: ServerSentEvent) => void;
  oversize: (line: OversizeLine) => void;
  hasReply: () => boolean;
}

interface State {
  options: PostOptions;
  post: Post;
  /** What is known of the answer: none yet, refused (body follows), JSON (body follows), events, or nothing to read. */
  mode: 'none' | 'refused' | 'json' | 'events' | 'nothing';
  status: number;
  headers: IncomingHttpHeaders;
  body: Body;
  parser: EventParser | null;
  replied: boolean;
  /** Nothing more is told. */
  over: boolean;
}

const ERROR_BODY_LIMIT = 1024 * 1024;

/** Reads the answer to one posted message: JSON, an event stream, an acceptance without content, or a refusal. */
export function createPost(options: PostOptions): Post {
  const post: Post = {
    handler: {
      response: (status, headers, from) => start(state, status, headers, from),
      data: (chunk) => take(state, chunk),
      end: () => end(state),
      failed: (error) => fail(state, error),
    },
    event: (event) => takeEvent(state, event),
    oversize: (line) => drop(state, line),
    hasReply: () => state.replied,
  };
  const body = createBody(options.limit);
  const state: State = {
    options,
    post,
    mode: 'none',
    status: 0,
    headers: {},
    body,
    parser: null,
    replied: false,
    over: false,
  };
  return post;
}

function start(state: State, status: number, headers: IncomingHttpHeaders, from: Target): void {
  const { options, post } = state;
  state.status = status;
  state.headers = headers;
  if (status >= 300) {
    state.mode = 'refused';
    state.body = createBody(ERROR_BODY_LIMIT);
    return;
  }
  state.mode = modeOf(status, headers);
  if (state.mode === 'refused') {
    const type = contentType(headers);
    const text = `The server answered with ${type} instead of JSON or an event stream: is the URL that of its MCP endpoint?`;
    if (options.id !== null) return refuse(state, new LinkError('protocol', text, { status }));
    state.mode = 'nothing';
  }
  if (state.mode === 'events') {
    state.parser = createEventParser({ limit: options.limit, event: post.event, oversize: post.oversize });
  }
  options.accepted(headers, from);
}

/** How to read a 2xx answer; `refused` where it is something else than MCP. */
function modeOf(status: number, headers: IncomingHttpHeaders): State['mode'] {
  if (status === 202 || status === 204 || headers['content-length'] === '0') return 'nothing';
  switch (contentType(headers)) {
    case 'text/event-stream':
      return 'events';
    case 'application/json':
    case '':
      return 'json';
    default:
      return 'refused';
  }
}

function take(state: State, chunk: Buffer): void {
  if (state.over || state.mode === 'nothing') return;
  if (state.parser !== null) return state.parser.push(chunk);
  if (state.body.push(chunk)) return;
  // A refusal needs no more than its beginning.
  if (state.mode === 'refused') end(state);
  else tooBig(state, state.body.size());
}

function takeEvent(state: State, { event, data }: ServerSentEvent): void {
  if (state.over || event !== 'message' || data === '') return;
  if (!deliver(state, data)) state.options.log(noMessage(data));
}

function drop(state: State, line: OversizeLine): void {
  const { options, replied } = state;
  const answers = oversizeResponseId(line);
  const another =
    answers === null ? /^\s*\{[^{}[\]]*"method"\s*:/.test(line.head.toString('utf8')) : answers !== options.id;
  if (replied || another) options.log(tooLarge(line.bytes, options.limit));
  else tooBig(state, line.bytes);
}

function tooBig(state: State, bytes: number): void {
  const text = tooLarge(bytes, state.options.limit);
  state.options.log(text);
  finish(state, new LinkError('too_large', text), null);
}

function end(state: State): void {
  if (state.over) return;
  if (state.mode === 'refused') return endRefused(state);
  const { body, mode, status } = state;
  const readable = mode !== 'json' || body.size() === 0 || deliver(state, body.text());
  // An error is dear to make, and nearly every answer ends here with its reply.
  if (!lacksReply(state)) return finish(state, null, null);
  const text = readable
    ? 'The server ended its answer without a reply to the request.'
    : 'The server answered with something that is no JSON-RPC message.';
  finish(state, new LinkError('protocol', text, { status }), resumption(state));
}

function endRefused(state: State): void {
  const { options, body, status, headers } = state;
  const content = body.size() > ERROR_BODY_LIMIT ? null : parseBody(body.text());
  const error = refusal(status, headers, content, { inSession: options.inSession() });
  const reply = error.code === 'http' ? errorReply(status, content, options.id) : null;
  if (reply === null) return refuse(state, error);
  deliverOne(state, reply);
  finish(state, null, null);
}

function fail(state: State, error: LinkError): void {
  if (state.over) return;
  if (state.mode === 'none' || state.mode === 'refused') return refuse(state, error);
  const text = `The answer broke off: ${error.message}`;
  finish(state, new LinkError('closed', text, { cause: error }), resumption(state));
}

function resumption(state: State): Resumption | null {
  const lastEventId = state.parser?.lastEventId() ?? null;
  return lastEventId === null ? null : { lastEventId, retryMs: state.parser?.retryMs() ?? null };
}

function refuse(state: State, error: LinkError): void {
  state.over = true;
  state.options.refused(error);
}

function lacksReply(state: State): boolean {
  return state.options.id !== null && !state.replied;
}

/** Ends the exchange; an error counts only for a request that has no reply yet. */
function finish(state: State, error: LinkError | null, resume: Resumption | null): void {
  const missing = lacksReply(state) ? error : null;
  // A stream that is taken up again still brings events.
  state.over = missing === null || resume === null;
  state.options.done(missing, missing === null ? null : resume);
}

function deliver(state: State, text: string): boolean {
  const parsed = parseMessages(text);
  if (parsed === null) return false;
  if (Array.isArray(parsed)) for (const message of parsed) deliverOne(state, message);
  else deliverOne(state, parsed);
  return true;
}

function deliverOne(state: State, message: JsonRpcMessage): void {
  const { options, replied } = state;
  const isReply = !replied && options.id !== null && responseId(message) === options.id;
  if (isReply) state.replied = true;
  options.message(message);
  if (isReply) options.replied();
}
