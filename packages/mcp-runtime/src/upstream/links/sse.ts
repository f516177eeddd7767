import type { IncomingHttpHeaders } from 'node:http';
import { say, whyOf } from '../../reasons.ts';
import type { JsonRpcMessage, RemoteLaunch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents, type SendOptions } from '../link.ts';
import { isEventStream } from './follow.ts';
import { toTarget, type HttpClient, type HttpExchange, type HttpHandler } from './http-client.ts';
import { messageHeaders } from './http-headers.ts';
import { createHttpSession, type HttpSession } from './http-session.ts';
import { requestId } from './json-rpc.ts';
import { createReceiver } from './receiver.ts';
import { Body, parseBody, refusal } from './replies.ts';
import { isLostStream, sessionLost } from './session-doubt.ts';
import { createEventParser, type EventParser } from './sse-parser.ts';
import type { Target } from './target.ts';

const bodyLimit = 64 * 1024;
/** How long a stream may be open until it names the address for messages, which is the first thing it says. */
const nameMs = 5_000;
const noAddress = 'The server named no address for messages';

interface State {
  client: HttpClient;
  session: HttpSession;
  events: LinkEvents;
  stream: HttpExchange | null;
  /** The address for messages, after the server has sent it. */
  endpoint: Target | null;
  ready: PromiseWithResolvers<Target>;
  /** Ends each post that is under way. */
  open: Set<(error: LinkError) => void>;
  over: boolean;
}

/** Speaks HTTP+SSE of 2024-11-05: one stream brings everything, messages are posted to the address it names. */
export async function openSse(
  launch: RemoteLaunch,
  context: LinkContext,
  events: LinkEvents,
  client: HttpClient,
): Promise<Link> {
  const session = createHttpSession(launch);
  const ready = Promise.withResolvers<Target>();
  const state: State = { client, session, events, stream: null, endpoint: null, ready, open: new Set(), over: false };
  function giveUp() {
    end(state, new LinkError('closed', 'The start was given up.'));
  }
  state.stream = client.exchange(
    { method: 'GET', target: session.target(), ...session.stream(null), body: null, lane: 'streams' },
    streamHandler(state, context),
  );
  if (context.signal.aborted) giveUp();
  context.signal.addEventListener('abort', giveUp, { once: true });
  const target = await ready.promise.finally(() => context.signal.removeEventListener('abort', giveUp));
  return {
    pid: null,
    send: (message, options) => send(state, target, message, options),
    negotiated: ({ protocolVersion }) => session.agreeOn(protocolVersion),
    close: async () => end(state, null),
  };
}

function end(state: State, error: LinkError | null): void {
  if (state.over) return;
  state.over = true;
  state.stream?.stop();
  for (const giveUp of state.open) giveUp(error ?? new LinkError('closed', say('closed')));
  state.open.clear();
  if (state.endpoint === null) state.ready.reject(error);
  else state.events.closed(error);
}

function streamHandler(state: State, context: LinkContext): HttpHandler {
  const receiver = createReceiver(context, state.events);
  const body = new Body(bodyLimit, true);
  let parser: EventParser | null = null;
  let refused: (() => LinkError) | null = null;
  return {
    response: (status, headers, from) => {
      if (status >= 300) {
        refused = () => refusal(status, headers, parseBody(body.textIn(headers)));
      } else if (!isEventStream(headers)) {
        const text = 'The server answered without an event stream: is the URL that of its SSE endpoint?';
        end(state, new LinkError('protocol', text, { status }));
      } else {
        const unnamed = setTimeout(() => {
          end(state, new LinkError('protocol', `${noAddress} within ${nameMs / 1000} s.`));
        }, nameMs).unref();
        void state.ready.promise.catch(() => {}).finally(() => clearTimeout(unnamed));
        parser = createEventParser({
          limit: context.messageLimit,
          oversize: receiver.oversize,
          event: (event) => {
            if (event.event === 'endpoint' && state.endpoint === null) named(state, event.data, from);
            else if (!state.over) receiver.event(event);
          },
        });
      }
    },
    data: (chunk) => {
      if (parser === null) body.push(chunk);
      else parser.push(chunk);
    },
    end: () => end(state, refused?.() ?? endedStream(state)),
    failed: (error) => {
      const why = say('streamBrokeOff', { reason: whyOf(error) });
      end(
        state,
        parser === null || error.code === 'protocol' || error.code === 'too_large'
          ? error
          : new LinkError('closed', why, { cause: error }),
      );
    },
  };
}

/** A stream that names no address is none of this transport. */
function endedStream({ endpoint }: State): LinkError {
  return endpoint === null
    ? new LinkError('protocol', `${noAddress} before it ended the stream.`)
    : new LinkError('closed', 'The server ended the event stream.');
}

function named(state: State, address: string, from: Target): void {
  const url = URL.parse(address, from.origin + from.path);
  if (url !== null && url.origin === from.origin) {
    state.endpoint = toTarget(url);
    state.ready.resolve(state.endpoint);
    return;
  }
  const text = `The server names ${address} as the address for messages, which is not at ${from.origin}.`;
  end(state, new LinkError('protocol', text));
}

function send(state: State, target: Target, message: JsonRpcMessage, options: SendOptions = {}): Promise<void> {
  const { session, open } = state;
  if (state.over) return Promise.reject(new LinkError('closed', say('closed')));
  if (options.signal?.aborted === true) return Promise.reject(new LinkError('closed', 'The message was given up.'));
  const sent = Promise.withResolvers<void>();
  const body = new Body(bodyLimit, true);
  let refused: (() => LinkError) | null = null;
  let exchange: HttpExchange | null = null;

  function giveUp(error: LinkError) {
    exchange?.stop();
    finish(error);
  }
  function aborted() {
    giveUp(new LinkError('closed', 'The message was given up.'));
  }
  function finish(error: LinkError | null) {
    open.delete(giveUp);
    options.signal?.removeEventListener('abort', aborted);
    if (error === null) return sent.resolve();
    sent.reject(error);
    if (error.code === 'session_lost') setImmediate(end, state, error);
  }
  open.add(giveUp);
  options.signal?.addEventListener('abort', aborted, { once: true });
  const set = messageHeaders(session.post(), options);
  const lane = requestId(message) === null ? 'side' : 'calls';
  exchange = state.client.exchange(
    { method: 'POST', target, ...set, body: JSON.stringify(message), lane },
    {
      response: (status, headers) => {
        if (status >= 300) refused = () => refusalOfPost(status, headers, parseBody(body.textIn(headers)));
      },
      data: (chunk) => void body.push(chunk),
      end: () => finish(refused?.() ?? null),
      failed: finish,
    },
  );
  return sent.promise;
}

/** The stream is the session: a server that does not know it can only refuse a message. */
function refusalOfPost(status: number, headers: IncomingHttpHeaders, body: unknown): LinkError {
  const error = refusal(status, headers, body);
  return isLostStream(status, body) ? sessionLost(error) : error;
}
