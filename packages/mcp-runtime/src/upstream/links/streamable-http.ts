import type { IncomingHttpHeaders } from 'node:http';
import { InFlight } from '../../hot/in-flight.ts';
import { say } from '../../reasons.ts';
import type { JsonRpcId, JsonRpcMessage, RemoteLaunch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents, type SendOptions } from '../link.ts';
import { followEvents, type Follower } from './follow.ts';
import type { Malformed } from './gate.ts';
import type { HttpClient, HttpExchange, HttpRequest, Lane } from './http-client.ts';
import { messageHeaders } from './http-headers.ts';
import { createHttpSession, type HttpSession } from './http-session.ts';
import { requestId } from './json-rpc.ts';
import { Post, type Resumption, type Sender } from './post.ts';
import { createReceiver } from './receiver.ts';
import { type Followed, resumption } from './resumption.ts';
import { createSessionCheck, type SessionCheck } from './session-check.ts';
import { doubtOf, sessionLost } from './session-doubt.ts';
import { endSession } from './session-end.ts';
import type { Target } from './target.ts';

/** How long a stream may stay open after its reply. */
const lingerMs = 2_000;
/** How long messages under way have for answers of their own once the session is lost. */
const lostMs = 5_000;

interface State {
  client: HttpClient;
  context: LinkContext;
  events: LinkEvents;
  session: HttpSession;
  /** The open requests. */
  open: InFlight<Sending, Sending>;
  /** Runs while streams may stay open after their reply. */
  sweeper: NodeJS.Timeout | null;
  listener: Follower | null;
  check: SessionCheck;
  /** The server has taken a message in the session: what it refuses later may mean that the session is lost. */
  proven: boolean;
  /** Why the session is over, while messages under way still wait for their answers. */
  lost: LinkError | null;
  over: boolean;
}

/**
 * Speaks streamable HTTP of 2025-03-26 and later, stateless 2026-07-28 included. No request is sent before the first
 * message.
 */
export async function openStreamableHttp(
  launch: RemoteLaunch,
  context: LinkContext,
  events: LinkEvents,
  client: HttpClient,
): Promise<Link> {
  const session = createHttpSession(launch);
  const open: State['open'] = new InFlight();
  const state: State = {
    client,
    context,
    events,
    session,
    open,
    sweeper: null,
    listener: null,
    check: createSessionCheck({ client, session, launch }),
    proven: false,
    lost: null,
    over: false,
  };
  let closing: Promise<void> | null = null;
  return {
    pid: null,
    send: (message, options) => send(state, message, options),
    negotiated: ({ protocolVersion, listen: wanted }) => {
      session.agreeOn(protocolVersion);
      if (wanted && state.listener === null && !state.over) listen(state);
    },
    close: ({ graceMs }) => {
      closing ??= state.over || state.lost !== null ? Promise.resolve() : endSession(client, session, graceMs);
      end(state, null);
      return closing;
    },
  };
}

function end(state: State, error: LinkError | null): void {
  if (state.over) return;
  state.over = true;
  state.listener?.stop();
  for (const sending of state.open.takeAll()) sending.giveUp();
  clearInterval(state.sweeper ?? undefined);
  state.events.closed(error);
}

/** Ends the streams that stay open long after their reply. */
function sweep(state: State): void {
  const before = performance.now() - lingerMs;
  let waits = false;
  for (const sending of state.open.values()) {
    if (sending.repliedAt === null) continue;
    if (sending.repliedAt <= before) sending.leave();
    else waits = true;
  }
  if (waits) return;
  clearInterval(state.sweeper ?? undefined);
  state.sweeper = null;
}

/**
 * The server has lost the session. Open requests have some time left: the server refuses each of their messages, which
 * may then be sent again, and may still answer those it has started.
 */
function lose(state: State, error: LinkError): void {
  if (state.over || state.lost !== null) return;
  state.lost = error;
  state.listener?.stop();
  setTimeout(end, lostMs, state, error).unref();
  endWhenEmpty(state, error);
}

/** Later, so that a sender hears first and can go elsewhere. */
function endWhenEmpty(state: State, error: LinkError): void {
  if (state.open.size === 0) setImmediate(end, state, error);
}

function send(state: State, message: JsonRpcMessage, options: SendOptions = {}): Promise<void> {
  if (state.over) return Promise.reject(new LinkError('closed', say('closed')));
  // The message does not reach the server, so it may be sent again on another link.
  if (state.lost !== null) return Promise.reject(state.lost);
  if (options.signal?.aborted === true) return Promise.reject(new LinkError('closed', 'The message was given up.'));
  const sending = new Sending(state, requestId(message), options);
  sending.start(message, options);
  return sending.taken.promise;
}

/** One message on its way to the server, until its answer has ended. A class for the same reason as `Post`. */
class Sending implements Sender {
  readonly id: JsonRpcId | null;
  /** Settled when the server has taken the message, or has not. */
  readonly taken = Promise.withResolvers<void>();
  private isTaken = false;
  readonly giveUp: () => void;
  private readonly state: State;
  private readonly signal: SendOptions['signal'];
  private readonly post = new Post(this);
  private current: HttpExchange | Follower | null = null;
  /** `performance.now()` of the reply, while its stream may stay open. */
  repliedAt: number | null = null;

  constructor(state: State, id: JsonRpcId | null, { signal }: SendOptions) {
    this.state = state;
    this.id = id;
    this.signal = signal;
    this.giveUp = () => {
      this.leave();
      this.taken.reject(new LinkError('closed', 'The message was given up.'));
    };
  }

  get limit(): number {
    return this.state.context.messageLimit;
  }

  start(message: JsonRpcMessage, options: SendOptions): void {
    const { client, session, open } = this.state;
    open.add(this, this);
    this.signal?.addEventListener('abort', this.giveUp, { once: true });
    const set = messageHeaders(session.post(), options);
    const request: HttpRequest = {
      method: 'POST',
      target: session.target(),
      headers: set.headers,
      publicHeaders: set.publicHeaders,
      body: JSON.stringify(message),
      lane: laneOf(message),
    };
    this.current = client.exchange(request, this.post);
  }

  /** Ends the exchange; nothing more is heard of it. */
  leave(): void {
    const { state } = this;
    const left = state.open.take(this);
    this.signal?.removeEventListener('abort', this.giveUp);
    this.current?.stop();
    if (left !== undefined && state.lost !== null) endWhenEmpty(state, state.lost);
  }

  inSession(): boolean {
    return this.state.session.inSession();
  }

  accepted(headers: IncomingHttpHeaders, from: Target): void {
    const { session } = this.state;
    this.state.proven ||= session.inSession();
    session.learn(headers, from);
    this.isTaken = true;
    this.taken.resolve();
  }

  doubt(why: LinkError, settle: () => void): void {
    if (!this.state.proven) return settle();
    void this.state.check.lives().then((lives) => (lives ? settle() : this.lost(sessionLost(why))));
  }

  refused(error: LinkError): void {
    this.leave();
    this.taken.reject(error);
    if (error.code === 'session_lost') lose(this.state, error);
  }

  message(received: JsonRpcMessage): void {
    this.state.events.message(received, this.id);
  }

  malformed(fault: Malformed): void {
    this.state.events.malformed(fault);
  }

  log(text: string): void {
    this.state.events.log('warn', 'hub', text);
  }

  replied(): void {
    this.repliedAt = performance.now();
    this.state.sweeper ??= setInterval(sweep, lingerMs / 2, this.state).unref();
  }

  done(error: LinkError | null, resume: Resumption | null): void {
    const { state, id, post } = this;
    this.taken.resolve();
    // A few servers accept a request and reply on the stream that belongs to no request.
    const elsewhere = error?.status === 202 && state.listener !== null;
    if (error === null || id === null || elsewhere) return this.leave();
    if (resume === null) return this.lost(error);
    const leave = (): void => this.leave();
    const lost = (why: LinkError, cause: LinkError): void => {
      this.lost(why);
      if (cause.code === 'session_lost') lose(state, cause);
    };
    this.current = follow(state, resumption(post, resume, leave, lost));
  }

  private lost(error: LinkError): void {
    const { state, id, isTaken } = this;
    if (!isTaken) return this.refused(error);
    this.leave();
    if (id !== null) state.events.lost(id, error);
    if (error.code === 'session_lost') lose(state, error);
  }
}

function laneOf(message: JsonRpcMessage): Lane {
  if (requestId(message) === null) return 'side';
  // Its answer is a stream that stays open.
  return 'method' in message && message.method === 'subscriptions/listen' ? 'streams' : 'calls';
}

function follow(state: State, stream: Followed): Follower {
  const { client, context, session } = state;
  const { target, inSession, stream: headers } = session;
  return followEvents({ ...stream, client, target, headers, inSession, limit: context.messageLimit });
}

function listen(state: State): void {
  const { context, events } = state;
  state.listener = follow(state, {
    ...createReceiver(context, events),
    gaveUp: (error, streamed) => {
      state.listener = null;
      events.log('debug', 'hub', `The server has no stream for its own messages: ${error.message}`);
      // Many servers know no GET at all and answer it with 404, which says nothing about the session.
      if (streamed) doubtListener(state, error);
    },
    maxFailures: Number.POSITIVE_INFINITY,
    lastEventId: null,
    retryMs: null,
    waitFirst: false,
  });
}

/** A stream that was open and is refused now is a sign about the session, as a refused message is. */
function doubtListener(state: State, error: LinkError): void {
  if (error.code === 'session_lost') return lose(state, error);
  if (error.status === null || doubtOf(error.status, error.body, null) !== 'ask') return;
  void state.check.lives().then((lives) => {
    if (!lives) lose(state, sessionLost(error));
  });
}
