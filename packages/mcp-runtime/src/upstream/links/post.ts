import type { IncomingHttpHeaders } from 'node:http';
import type { JsonRpcId, JsonRpcMessage } from '../../types.ts';
import { LinkError } from '../link.ts';
import { contentType } from './follow.ts';
import type { HttpHandler, Target } from './http-client.ts';
import { oversizeResponseId, parseMessages, responseId } from './json-rpc.ts';
import type { OversizeLine } from './lines.ts';
import { noMessage, tooLarge } from './receiver.ts';
import { createBody, errorReply, parseBody, refusal } from './replies.ts';
import { createEventParser, type EventParser, type ServerSentEvent } from './sse-parser.ts';

/** What a posted message's exchange tells its link. */
export interface PostEvents {
  /** The server took the message. */
  accepted(status: number, headers: IncomingHttpHeaders, target: Target): void;
  /** The server did not take it. */
  refused(error: LinkError): void;
  message(message: JsonRpcMessage): void;
  log(text: string): void;
  /** The reply has come, though the stream may go on. */
  replied(): void;
  /** The exchange is over; `error` where a request has no reply. `resume` where the stream can be taken up again. */
  done(error: LinkError | null, resume: { lastEventId: string; retryMs: number | null } | null): void;
}

export interface Post {
  handler: HttpHandler;
  /** Takes an event of the stream, also of one that takes it up again. */
  event: (event: ServerSentEvent) => void;
  oversize: (line: OversizeLine) => void;
  hasReply: () => boolean;
}

const ERROR_BODY_LIMIT = 1024 * 1024;

/** Reads the answer to one posted message: JSON, an event stream, an acceptance without content, or a refusal. */
export function createPost(id: JsonRpcId | null, limit: number, inSession: () => boolean, events: PostEvents): Post {
  let mode: 'json' | 'events' | 'nothing' | 'refused' = 'nothing';
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  let parser: EventParser | null = null;
  let body = createBody(limit);
  let replied = false;
  let dead = false;

  const deliver = (text: string): boolean => {
    const parsed = parseMessages(text);
    if (parsed === null) return false;
    if (Array.isArray(parsed)) parsed.forEach(deliverOne);
    else deliverOne(parsed);
    return true;
  };
  const deliverOne = (message: JsonRpcMessage) => {
    const isReply = !replied && id !== null && responseId(message) === id;
    if (isReply) replied = true;
    events.message(message);
    if (isReply) events.replied();
  };
  const missing = (code: 'closed' | 'protocol', text: string) =>
    id === null || replied ? null : new LinkError(code, text, status === 0 ? {} : { status });

  const event = ({ event: name, data }: ServerSentEvent) => {
    if (name !== 'message' || data === '') return;
    if (!deliver(data)) events.log(noMessage(data));
  };
  const oversize = (line: OversizeLine) => {
    const text = tooLarge(line.bytes, limit);
    events.log(text);
    const of = oversizeResponseId(line);
    if (id === null || replied || (of !== null && of !== id) || isRequestLike(line)) return;
    dead = true;
    events.done(new LinkError('too_large', text), null);
  };

  const started = (answer: number, answerHeaders: IncomingHttpHeaders, target: Target) => {
    status = answer;
    headers = answerHeaders;
    if (status >= 300) {
      mode = 'refused';
      body = createBody(ERROR_BODY_LIMIT);
      return;
    }
    const type = contentType(headers);
    const empty = status === 202 || status === 204 || headers['content-length'] === '0';
    if (type === 'text/event-stream' && !empty) {
      mode = 'events';
      parser = createEventParser({ limit: limit, event, oversize });
    } else if (!empty && (type === 'application/json' || type === '')) {
      mode = 'json';
    } else if (!empty && id !== null) {
      dead = true;
      const text = `The server answered with ${type} instead of JSON or an event stream: is the URL that of its MCP endpoint?`;
      events.refused(new LinkError('protocol', text, { status }));
      return;
    }
    events.accepted(status, headers, target);
  };

  const received = (chunk: Buffer) => {
    if (dead) return;
    if (parser !== null) return parser.push(chunk);
    if (mode === 'nothing' || body.push(chunk) || mode === 'refused') return;
    dead = true;
    const text = tooLarge(body.size(), limit);
    events.log(text);
    events.done(id === null ? null : new LinkError('too_large', text), null);
  };

  const ended = () => {
    if (dead) return;
    dead = true;
    if (mode === 'refused') return refusedAnswer();
    if (mode === 'json' && body.size() > 0 && !deliver(body.text()) && id !== null) {
      return events.done(missing('protocol', 'The server answered with something that is no JSON-RPC message.'), null);
    }
    over(missing('protocol', 'The server ended its answer without a reply to the request.'));
  };

  const over = (error: LinkError | null) => {
    const lastEventId = parser?.lastEventId() ?? null;
    const retryMs = parser?.retryMs() ?? null;
    events.done(error, error === null || lastEventId === null ? null : { lastEventId, retryMs });
  };

  const refusedAnswer = () => {
    const content = body.size() > ERROR_BODY_LIMIT ? null : parseBody(body.text());
    const error = refusal(status, headers, content, { inSession: inSession() });
    const reply = error.code === 'http' ? errorReply(status, content, id) : null;
    if (reply === null) return events.refused(error);
    events.accepted(status, {}, { origin: '', path: '' });
    deliverOne(reply);
    events.done(null, null);
  };

  return {
    event,
    oversize,
    hasReply: () => replied,
    handler: {
      response: started,
      data: received,
      end: ended,
      failed: (error) => {
        if (dead) return;
        dead = true;
        if (status === 0 || mode === 'refused') events.refused(error);
        else over(missing('closed', `The answer broke off: ${error.message}`));
      },
    },
  };
}

function isRequestLike(line: OversizeLine): boolean {
  return /^\s*\{[^{}[\]]*"method"\s*:/.test(line.head.toString('utf8'));
}
