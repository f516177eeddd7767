import type { JsonRpcId, JsonRpcMessage, RemoteLaunch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents, type SendOptions } from '../link.ts';
import { checkUrl } from '../url-guard.ts';
import { followEvents, type Follower } from './follow.ts';
import { toTarget, type HttpClient, type HttpExchange, type Lane } from './http-client.ts';
import { configuredHeaders, headerSet, withHeaders, type HeaderSet } from './http-headers.ts';
import { oversizeResponseId, parseMessages, requestId } from './json-rpc.ts';
import { createPost } from './post.ts';

/** How long a stream may stay open after its reply. */
const LINGER_MS = 2_000;
const RESUME_FAILURES = 5;
const LONGEST_DELETE_MS = 2_000;

/** Speaks streamable HTTP of 2025-03-26 and later, stateless 2026-07-28 included. Nothing is sent until the first message. */
export async function openStreamableHttp(
  launch: RemoteLaunch,
  context: LinkContext,
  events: LinkEvents,
  client: HttpClient,
): Promise<Link> {
  const configured = configuredHeaders(launch.headers);
  let target = toTarget(checkUrl(launch.url, launch));
  let sessionId: string | null = null;
  let protocolVersion: string | null = null;
  let over = false;
  let listener: Follower | null = null;
  const open = new Set<() => void>();
  const sweeper = createSweeper(LINGER_MS);

  const protocolHeaders = () => [
    ...(sessionId === null ? [] : ['mcp-session-id', sessionId]),
    ...(protocolVersion === null ? [] : ['mcp-protocol-version', protocolVersion]),
  ];
  const postHeaders = () =>
    headerSet(
      ['content-type', 'application/json', 'accept', 'application/json, text/event-stream', ...protocolHeaders()],
      configured,
    );
  const streamHeaders = (lastEventId: string | null) =>
    headerSet(
      ['accept', 'text/event-stream', ...protocolHeaders(), ...(lastEventId === null ? [] : ['last-event-id', lastEventId])],
      configured,
    );
  let prepared: HeaderSet = postHeaders();
  const inSession = () => sessionId !== null;

  const end = (error: LinkError | null) => {
    if (over) return;
    over = true;
    listener?.stop();
    for (const stop of open) stop();
    open.clear();
    sweeper.stop();
    events.closed(error);
  };
  const sessionLost = (error: LinkError) => {
    // Later, so that whoever sent the message hears of it first and can send it again elsewhere.
    if (error.code === 'session_lost') setImmediate(end, error);
  };

  const follow = (
    stream: Pick<Parameters<typeof followEvents>[0], 'event' | 'oversize' | 'gaveUp' | 'maxFailures'>,
    from: { lastEventId: string; retryMs: number | null } | null,
  ) =>
    followEvents({
      ...stream,
      client,
      target: () => target,
      headers: streamHeaders,
      inSession,
      limit: context.messageLimit,
      lastEventId: from?.lastEventId ?? null,
      retryMs: from?.retryMs ?? null,
      waitFirst: from !== null,
    });

  const send = (message: JsonRpcMessage, options?: SendOptions): Promise<void> => {
    if (over) return Promise.reject(new LinkError('closed', 'The connection to the server is closed.'));
    const signal = options?.signal;
    if (signal?.aborted === true) return Promise.reject(new LinkError('closed', 'The message was given up.'));
    const id = requestId(message);
    const sent = Promise.withResolvers<void>();
    let current: HttpExchange | Follower | null = null;

    const finish = () => {
      open.delete(stop);
      sweeper.delete(leave);
      signal?.removeEventListener('abort', giveUp);
    };
    const leave = () => {
      finish();
      if (current !== null) 'abort' in current ? current.abort() : current.stop();
    };
    const stop = () => {
      leave();
      sent.reject(new LinkError('closed', 'The message was given up.'));
    };
    const giveUp = () => stop();
    const lost = (error: LinkError) => {
      leave();
      if (id !== null) events.lost(id, error);
      sessionLost(error);
    };

    const post = createPost(
      id,
      { limit: context.messageLimit, inSession },
      {
        accepted: (status, headers, from) => {
          const given = headers['mcp-session-id'];
          if (typeof given === 'string' && given !== sessionId) {
            sessionId = given;
            prepared = postHeaders();
          }
          // Saves a redirect with every message (frameworks that add a slash).
          if (status < 300 && from !== target && from.origin === target.origin) target = from;
          sent.resolve();
        },
        refused: (error) => {
          leave();
          sent.reject(error);
          sessionLost(error);
        },
        message: (received) => events.message(received, id),
        log: (text) => events.log('warn', 'hub', text),
        replied: () => sweeper.add(leave),
        done: (error, resume) => {
          if (error === null || id === null) return leave();
          if (error.status === 202 && listener !== null) return finish();
          if (resume === null) return lost(error);
          current = follow(
            { event: post.event, oversize: post.oversize, gaveUp: lost, maxFailures: RESUME_FAILURES },
            resume,
          );
        },
      },
    );

    open.add(stop);
    signal?.addEventListener('abort', giveUp, { once: true });
    const headers = options?.headers === undefined ? prepared : withHeaders(prepared, options.headers);
    current = client.exchange(
      { method: 'POST', target, ...headers, body: JSON.stringify(message), lane: laneOf(message, id) },
      post.handler,
    );
    return sent.promise;
  };

  const listen = () => {
    listener = follow(
      {
        event: ({ event, data }) => {
          if (event !== 'message' || data === '') return;
          const parsed = parseMessages(data);
          if (parsed === null) return events.log('warn', 'hub', `An event that is no JSON-RPC message was dropped: ${data.slice(0, 200)}`);
          for (const message of Array.isArray(parsed) ? parsed : [parsed]) events.message(message, null);
        },
        oversize: (line) => {
          const text = `A message of ${line.bytes} bytes is over the limit of ${context.messageLimit} and was dropped.`;
          const id = oversizeResponseId(line);
          events.log('warn', 'hub', text);
          if (id !== null) events.lost(id, new LinkError('too_large', text));
        },
        gaveUp: (error) => {
          listener = null;
          events.log('debug', 'hub', `The server sends nothing of its own accord: ${error.message}`);
          sessionLost(error);
        },
        maxFailures: Number.POSITIVE_INFINITY,
      },
      null,
    );
  };

  const endSession = (graceMs: number): Promise<void> =>
    new Promise((resolve) => {
      if (sessionId === null) return resolve();
      const set = headerSet(['accept', 'application/json', ...protocolHeaders()], configured);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      const exchange = client.exchange(
        { method: 'DELETE', target, ...set, body: null, lane: 'side' },
        { response: () => {}, data: () => {}, end: done, failed: done },
      );
      const timer = setTimeout(() => {
        exchange.abort();
        resolve();
      }, Math.min(Math.max(graceMs, 100), LONGEST_DELETE_MS));
    });

  let closing: Promise<void> | null = null;
  return {
    pid: null,
    send,
    negotiated: (agreed) => {
      protocolVersion = agreed.protocolVersion;
      prepared = postHeaders();
      if (agreed.listen && listener === null && !over) listen();
    },
    close: ({ graceMs }) => {
      closing ??= over ? Promise.resolve() : endSession(graceMs).then(() => {});
      end(null);
      return closing;
    },
  };
}

function laneOf(message: JsonRpcMessage, id: JsonRpcId | null): Lane {
  if (id === null) return 'side';
  // Its answer is a stream that stays open.
  return 'method' in message && message.method === 'subscriptions/listen' ? 'streams' : 'calls';
}

/** Runs what was added once it has been there for a while; one timer for all. */
function createSweeper(afterMs: number) {
  const waiting = new Map<() => void, number>();
  let timer: NodeJS.Timeout | null = null;
  const stop = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const sweep = () => {
    const now = performance.now();
    for (const [run, since] of waiting) if (now - since >= afterMs) run();
    if (waiting.size === 0) stop();
  };
  return {
    add: (run: () => void) => {
      waiting.set(run, performance.now());
      timer ??= setInterval(sweep, afterMs / 2).unref();
    },
    delete: (run: () => void) => waiting.delete(run),
    stop,
  };
}
