import type { JsonRpcMessage, RemoteLaunch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents, type SendOptions } from '../link.ts';
import { followEvents, type FollowOptions, type Follower } from './follow.ts';
import type { HttpClient, HttpExchange, Lane } from './http-client.ts';
import { withHeaders } from './http-headers.ts';
import { createHttpSession, type HttpSession } from './http-session.ts';
import { requestId } from './json-rpc.ts';
import { createPost, type Post } from './post.ts';
import { createReceiver } from './receiver.ts';
import { createSweeper } from './sweeper.ts';

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
  /** Ends each exchange that is under way. */
  open: Set<() => void>;
  sweeper: ReturnType<typeof createSweeper>;
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
  const sweeper = createSweeper(LINGER_MS);
  const state: State = { client, context, events, session, open: new Set(), sweeper, listener: null, over: false };
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
  for (const stop of state.open) stop();
  state.open.clear();
  state.sweeper.stop();
  state.events.closed(error);
}

/** Ends the link where the server has forgotten it; later, so that the sender hears first and can go elsewhere. */
function endIfLost(state: State, error: LinkError): void {
  if (error.code === 'session_lost') setImmediate(end, state, error);
}

function send(state: State, message: JsonRpcMessage, options: SendOptions = {}): Promise<void> {
  const { client, context, events, session, open, sweeper } = state;
  const { signal, headers } = options;
  if (state.over) return Promise.reject(new LinkError('closed', 'The connection to the server is closed.'));
  if (signal?.aborted === true) return Promise.reject(new LinkError('closed', 'The message was given up.'));
  const id = requestId(message);
  const sent = Promise.withResolvers<void>();
  let current: HttpExchange | Follower | null = null;

  const leave = () => {
    open.delete(giveUp);
    sweeper.delete(leave);
    signal?.removeEventListener('abort', giveUp);
    current?.stop();
  };
  const giveUp = () => {
    leave();
    sent.reject(new LinkError('closed', 'The message was given up.'));
  };
  const lost = (error: LinkError) => {
    leave();
    if (id !== null) events.lost(id, error);
    endIfLost(state, error);
  };
  const post = createPost({
    id,
    limit: context.messageLimit,
    inSession: session.inSession,
    accepted: (answer, from) => {
      session.learn(answer, from);
      sent.resolve();
    },
    refused: (error) => {
      leave();
      sent.reject(error);
      endIfLost(state, error);
    },
    message: (received) => events.message(received, id),
    log: (text) => events.log('warn', 'hub', text),
    replied: () => sweeper.add(leave),
    done: (error, resume) => {
      sent.resolve();
      // A few servers accept a request and reply on the stream that belongs to no request.
      const elsewhere = error?.status === 202 && state.listener !== null;
      if (error === null || id === null || elsewhere) leave();
      else if (resume === null) lost(error);
      else current = follow(state, resumption(post, resume, leave, lost));
    },
  });

  open.add(giveUp);
  signal?.addEventListener('abort', giveUp, { once: true });
  const set = headers === undefined ? session.post() : withHeaders(session.post(), headers);
  current = client.exchange(
    { method: 'POST', target: session.target(), ...set, body: JSON.stringify(message), lane: laneOf(message) },
    post.handler,
  );
  return sent.promise;
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
    oversize: post.oversize,
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
