import type { IncomingHttpHeaders } from 'node:http';
import { say, whyOf } from '../../reasons.ts';
import { isSameId } from '../../rpc.ts';
import type { JsonRpcId, JsonRpcMessage, JsonRpcResponse } from '../../types.ts';
import { LinkError } from '../link.ts';
import { contentType } from './follow.ts';
import { admit, type GateSink, type Malformed } from './gate.ts';
import type { HttpHandler } from './http-client.ts';
import { oversizeResponseId, responseId } from './json-rpc.ts';
import type { OversizeLine } from './lines.ts';
import { noMessage, tooLarge } from './receiver.ts';
import { answersRequest, Body, parseBody, refusal } from './replies.ts';
import { saidIn } from './said.ts';
import { doubtOf, isDoubtful, sessionLost } from './session-doubt.ts';
import { createEventParser, type EventParser, type EventSink, type ServerSentEvent } from './sse-parser.ts';
import type { Target } from './target.ts';

/** The place where a broken stream can be resumed. */
export interface Resumption {
  lastEventId: string;
  retryMs: number | null;
}

/** The sender of a message, which learns its result. */
export interface Sender {
  /** The id of the request; null for a message that has no reply. */
  readonly id: JsonRpcId | null;
  /** Largest message in bytes. */
  readonly limit: number;
  inSession(): boolean;
  /** Finds out whether the session is lost: then the message is refused for it, else `settle` runs. */
  doubt(error: LinkError, settle: () => void): void;
  /** The server took the message and answers with these headers. */
  accepted(headers: IncomingHttpHeaders, from: Target): void;
  /** The server did not take the message. */
  refused(error: LinkError): void;
  message(message: JsonRpcMessage): void;
  malformed(fault: Malformed): void;
  log(text: string): void;
  /** The reply has arrived, though the stream may continue. */
  replied(): void;
  /** The exchange is over; `error` where a request is left without its reply. */
  done(error: LinkError | null, resume: Resumption | null): void;
}

const errorBodyLimit = 1024 * 1024;

/** The state of an answer: none yet, refused (body follows), JSON (body follows), events, or without a body. */
type Mode = 'none' | 'refused' | 'json' | 'events' | 'nothing';

/**
 * Reads the answer to one posted message: JSON, an event stream, an acceptance without content, or a refusal.
 * A class, for each call makes one: closures for every step would be dear.
 */
export class Post implements HttpHandler, EventSink, GateSink {
  private mode: Mode = 'none';
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private body: Body | null = null;
  private parser: EventParser | null = null;
  private replied = false;
  /** An error without an id in a JSON answer. */
  private unaddressed: JsonRpcResponse | null = null;
  /** True after the last call to the sender. */
  private over = false;
  private readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  get limit(): number {
    return this.sender.limit;
  }

  response(status: number, headers: IncomingHttpHeaders, from: Target): void {
    const { sender } = this;
    this.status = status;
    this.headers = headers;
    if (status >= 300) {
      this.mode = 'refused';
      this.body = new Body(errorBodyLimit, true);
      return;
    }
    this.mode = modeOf(status, headers);
    if (this.mode === 'refused') {
      const type = contentType(headers);
      if (sender.id !== null) return this.refuse(new LinkError('protocol', say('noMcp', { type }), { status }));
      this.mode = 'nothing';
    }
    if (this.mode === 'events') this.parser = createEventParser(this);
    else if (this.mode === 'json') this.body = new Body(sender.limit);
    sender.accepted(headers, from);
  }

  data(chunk: Buffer): void {
    if (this.over || this.mode === 'nothing') return;
    if (this.parser !== null) return this.parser.push(chunk);
    if (this.body === null || this.body.push(chunk)) return;
    // A refusal needs no more than its beginning.
    if (this.mode === 'refused') this.end();
    else this.tooBig(this.body.size);
  }

  end(): void {
    if (this.over) return;
    if (this.mode === 'refused') return this.endRefused();
    const { body, status } = this;
    const readable = body === null || body.size === 0 || admit(body.text(), this);
    // An error is dear to make, and nearly every answer ends here with its reply.
    if (!this.lacksReply()) return this.finish(null, null);
    if (this.unaddressed !== null) return this.endUnaddressed(this.unaddressed);
    this.finish(new LinkError('protocol', say(readable ? 'noReply' : 'noJsonRpc'), { status }), this.resumption());
  }

  failed(error: LinkError): void {
    if (this.over) return;
    if (this.mode === 'none' || this.mode === 'refused') return this.refuse(error);
    // The data is at fault, not the connection: a retry would get the same.
    if (error.code === 'protocol' || error.code === 'too_large') return this.finish(error, null);
    const why = say('brokeOff', { reason: whyOf(error) });
    this.finish(new LinkError('closed', why, { cause: error }), this.resumption());
  }

  /** Takes an event of the stream, also of one that takes it up again. */
  event({ event, data }: ServerSentEvent): void {
    if (this.over) return;
    // Some servers of HTTP+SSE open their stream for any method: no reply will come on it.
    if (event === 'endpoint' && this.lacksReply()) {
      const text = 'The server answered with an address for messages, as one of HTTP+SSE does.';
      return this.finish(new LinkError('protocol', text, { status: this.status }), null);
    }
    if (event !== 'message' || data === '') return;
    if (!admit(data, this)) this.sender.log(noMessage(data));
  }

  oversize(line: OversizeLine): void {
    const { sender } = this;
    const answers = oversizeResponseId(line);
    const another =
      answers === null ? /^\s*\{[^{}[\]]*"method"\s*:/.test(line.head.toString('utf8')) : !isSameId(answers, sender.id);
    if (this.replied || another) sender.log(tooLarge(line.bytes, sender.limit));
    else this.tooBig(line.bytes);
  }

  message(message: JsonRpcMessage): void {
    // The only request of this exchange is the one that failed.
    if (this.parser === null && 'error' in message && message.id === null && this.lacksReply()) {
      this.unaddressed = message;
      return;
    }
    const isReply = this.answers(responseId(message));
    if (isReply && 'error' in message && this.isDoubtful(message)) this.doubt(message);
    else this.sender.message(message);
    // An answer that is no stream ends with its reply.
    if (isReply && this.parser !== null) this.sender.replied();
  }

  /** An answer with 200 whose error says that the session is lost; a refusal was checked before. */
  private isDoubtful({ error }: JsonRpcResponse): boolean {
    return this.status < 300 && error !== undefined && this.sender.inSession() && isDoubtful(error);
  }

  private doubt(reply: JsonRpcResponse): void {
    const { sender } = this;
    sender.doubt(this.refusalOf(reply), () => sender.message(reply));
  }

  private endUnaddressed(reply: JsonRpcResponse): void {
    const error = this.refusalOf(reply);
    const settle = (): void => this.finish(error, null);
    if (this.isDoubtful(reply)) this.sender.doubt(error, settle);
    else settle();
  }

  private refusalOf(reply: JsonRpcResponse): LinkError {
    return new LinkError('http', saidIn(reply.error?.message), { status: this.status, body: reply });
  }

  malformed(fault: Malformed): void {
    const isReply = fault.ids.some((id) => this.answers(id));
    this.sender.malformed(fault);
    if (isReply && this.parser !== null) this.sender.replied();
  }

  hasReply(): boolean {
    return this.replied;
  }

  private tooBig(bytes: number): void {
    const text = tooLarge(bytes, this.sender.limit);
    this.sender.log(text);
    this.finish(new LinkError('too_large', text), null);
  }

  private endRefused(): void {
    const { sender, body, status, headers } = this;
    const text = body?.textIn(headers) ?? '';
    const content = parseBody(text);
    const error = refusal(status, headers, content);
    const isReply = error.code === 'http' && answersRequest(status, content, sender.id);
    const settle = (): void => {
      // The delay is beside the reply, and would be lost with it.
      if (!isReply || error.retryAfterSeconds !== null) return this.refuse(error);
      admit(text, this);
      this.finish(null, null);
    };
    const doubt = sender.inSession() ? doubtOf(status, content, sender.id) : 'none';
    if (doubt === 'lost') this.refuse(sessionLost(error));
    else if (doubt === 'ask') sender.doubt(error, settle);
    else settle();
  }

  private resumption(): Resumption | null {
    const lastEventId = this.parser?.lastEventId() ?? null;
    return lastEventId === null ? null : { lastEventId, retryMs: this.parser?.retryMs() ?? null };
  }

  /** Notes the first reply to the request. */
  private answers(id: JsonRpcId | null): boolean {
    const isReply = !this.replied && id !== null && isSameId(id, this.sender.id);
    if (isReply) this.replied = true;
    return isReply;
  }

  private refuse(error: LinkError): void {
    this.over = true;
    this.sender.refused(error);
  }

  private lacksReply(): boolean {
    return this.sender.id !== null && !this.replied;
  }

  /** Ends the exchange; an error counts only for a request that has no reply yet. */
  private finish(error: LinkError | null, resume: Resumption | null): void {
    const missing = this.lacksReply() ? error : null;
    // A stream that is taken up again still brings events.
    this.over = missing === null || resume === null;
    this.sender.done(missing, missing === null ? null : resume);
  }
}

/** How to read a 2xx answer; `refused` where it is something else than MCP. */
function modeOf(status: number, headers: IncomingHttpHeaders): Mode {
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
