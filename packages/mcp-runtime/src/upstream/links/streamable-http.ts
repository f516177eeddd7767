import type { IncomingHttpHeaders } from 'node:http';
import { InFlight } from '../../in-flight.ts';
import type { JsonRpcId, JsonRpcMessage, RemoteLaunch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents, type SendOptions } from '../link.ts';
import { followEvents, type FollowOptions, type Follower } from './follow.ts';
import type { Malformed } from './gate.ts';
import type { HttpClient, HttpExchange, HttpRequest, Lane, Target } from './http-client.ts';
import { withHeaders } from './http-headers.ts';
import { createHttpSession, type HttpSession } from './http-session.ts';
import { requestId } from './json-rpc.ts';
import { Post, type Resumption, type Sender } from './post.ts';
import { createReceiver } from './receiver.ts';

/** How long a stream may stay open after its reply. */
const LINGER_MS = 2_000;
const RESUME_FAILURES = 5;
const SHORTEST_DELETE_MS = 100;
const LONGEST_DELETE_MS = 2_000;

interface State {
  client: HttpClient;
  context: LinkContext;
  events: LinkEvents;
  session: HttpSession;
  /** What is under way. */
  open: InFlight<Sending, Sending>;
  /** Runs while streams may stay open after their reply. */
  sweeper: NodeJS.Timeout | null;
  listener: Follower | null;
  over: boolean;
}

/** Speaks streamable HTTP of 2025-03-26 and later, stateless 2026-07-28 included. Nothing is sent until the first message. */
export async function openStreamableHttp(
  launch: RemoteLaunch,
  context: LinkContext,
  events: LinkEvents,
  client: HttpClient,
): Promise<Link> {
  const session = createHttpSession(launch);
  const open: State['open'] = new InFlight();
  const state: State = { client, context, events, session, open, sweeper: null, listener: null, over: false };
  let closing: Promise<void> | null = null;
  return {
    pid: null,
    send: (message, options) => send(state, message, options),
    negotiated: ({ protocolVersion, listen: wanted }) => {
      session.agreeOn(protocolVersion);
      if (wanted && state.listener === null && !state.over) listen(state);
    },
    close: ({ graceMs }) => {
      closing ??= state.over ? Promise.resolve() : endSession(state, graceMs);
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
  const before = performance.now() - LINGER_MS;
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

/** Ends the link where the server has forgotten it; later, so that the sender hears first and can go elsewhere. */
function endIfLost(state: State, error: LinkError): void {
  if (error.code === 'session_lost') setImmediate(end, state, error);
}

function send(state: State, message: JsonRpcMessage, options: SendOptions = {}): Promise<void> {
  if (state.over) return Promise.reject(new LinkError('closed', 'The connection to the server is closed.'));
  if (options.signal?.aborted === true) return Promise.reject(new LinkError('closed', 'The message was given up.'));
  const sending = new Sending(state, requestId(message), options);
  sending.start(message, options.headers);
  return sending.taken.promise;
}

/** One message on its way to the server, until its answer has ended. A class for the same reason as `Post`. */
class Sending implements Sender {
  readonly id: JsonRpcId | null;
  /** Settled when the server has taken the message, or has not. */
  readonly taken = Promise.withResolvers<void>();
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

  start(message: JsonRpcMessage, headers: SendOptions['headers']): void {
    const { client, session, open } = this.state;
    open.add(this, this);
    this.signal?.addEventListener('abort', this.giveUp, { once: true });
    const set = headers === undefined ? session.post() : withHeaders(session.post(), headers);
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
    this.state.open.take(this);
    this.signal?.removeEventListener('abort', this.giveUp);
    this.current?.stop();
  }

  inSession(): boolean {
    return this.state.session.inSession();
  }

  accepted(headers: IncomingHttpHeaders, from: Target): void {
    this.state.session.learn(headers, from);
    this.taken.resolve();
  }

  refused(error: LinkError): void {
    this.leave();
    this.taken.reject(error);
    endIfLost(this.state, error);
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
    this.state.sweeper ??= setInterval(sweep, LINGER_MS / 2, this.state).unref();
  }

  done(error: LinkError | null, resume: Resumption | null): void {
    const { state, id, post } = this;
    this.taken.resolve();
    // A few servers accept a request and reply on the stream that belongs to no request.
    const elsewhere = error?.status === 202 && state.listener !== null;
    if (error === null || id === null || elsewhere) return this.leave();
    if (resume === null) return this.lost(error);
    const leave = (): void => this.leave();
    this.current = follow(
      state,
      resumption(post, resume, leave, (why) => this.lost(why)),
    );
  }

  private lost(error: LinkError): void {
    const { state, id } = this;
    this.leave();
    if (id !== null) state.events.lost(id, error);
    endIfLost(state, error);
  }
}

/** How the stream of a request is taken up again after it broke off before the reply. */
function resumption(
  post: Post,
  from: Pick<FollowOptions, 'lastEventId' | 'retryMs'>,
  leave: () => void,
  lost: (error: LinkError) => void,
): Followed {
  return {
    ...from,
    event: (event) => {
      post.event(event);
      if (post.hasReply()) leave();
    },
    oversize: (line) => post.oversize(line),
    gaveUp: (error) => {
      const text = `The answer broke off and could not be taken up again: ${error.message}`;
      lost(error.code === 'session_lost' ? error : new LinkError('closed', text, { cause: error }));
    },
    maxFailures: RESUME_FAILURES,
    waitFirst: true,
  };
}

function laneOf(message: JsonRpcMessage): Lane {
  if (requestId(message) === null) return 'side';
  // Its answer is a stream that stays open.
  return 'method' in message && message.method === 'subscriptions/listen' ? 'streams' : 'calls';
}

type Followed = Pick<
  FollowOptions,
  'event' | 'oversize' | 'gaveUp' | 'maxFailures' | 'lastEventId' | 'retryMs' | 'waitFirst'
>;

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
      if (streamed) endIfLost(state, error);
    },
    maxFailures: Number.POSITIVE_INFINITY,
    lastEventId: null,
    retryMs: null,
    waitFirst: false,
  });
}

function endSession(state: State, graceMs: number): Promise<void> {
  const { client, session } = state;
  if (!session.inSession()) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const exchange = client.exchange(
    { method: 'DELETE', target: session.target(), ...session.end(), body: null, lane: 'side' },
    { response: () => {}, data: () => {}, end: resolve, failed: () => resolve() },
  );
  const giveUp = () => {
    exchange.stop();
    resolve();
  };
  const timer = setTimeout(giveUp, Math.min(Math.max(graceMs, SHORTEST_DELETE_MS), LONGEST_DELETE_MS));
  return promise.finally(() => clearTimeout(timer));
}
