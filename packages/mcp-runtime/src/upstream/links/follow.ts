import type { IncomingHttpHeaders } from 'node:http';
import { LinkError, type LinkErrorCode } from '../link.ts';
import type { HttpClient, HttpExchange } from './http-client.ts';
import type { HeaderSet } from './http-headers.ts';
import type { OversizeLine } from './lines.ts';
import { Body, parseBody, refusal } from './replies.ts';
import { sessionLost } from './session-doubt.ts';
import { createEventParser, type EventParser, type ServerSentEvent } from './sse-parser.ts';
import type { Target } from './target.ts';

export interface FollowOptions {
  client: HttpClient;
  target: () => Target;
  headers: (lastEventId: string | null) => HeaderSet;
  inSession: () => boolean;
  limit: number;
  event: (event: ServerSentEvent) => void;
  oversize: (line: OversizeLine) => void;
  /** The end of retries: the server refused, or failed too often. `streamed`: it had been a stream before. */
  gaveUp: (error: LinkError, streamed: boolean) => void;
  /** How many failures in a row end it. */
  maxFailures: number;
  lastEventId: string | null;
  /** The delay that the server asked for. */
  retryMs: number | null;
  /** True to wait once before the first connection. */
  waitFirst: boolean;
}

export interface Follower {
  stop(): void;
}

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
/** A stream that ends sooner, without an event, counts as failed. */
const shortMs = 5_000;
const errorBodyLimit = 64 * 1024;

/** Reads a GET event stream and connects again, from the last event id, each time it ends. */
export function followEvents(options: FollowOptions): Follower {
  let { lastEventId, retryMs } = options;
  let stopped = false;
  let exchange: HttpExchange | null = null;
  let timer: NodeJS.Timeout | null = null;
  let failures = 0;
  let streamed = false;

  function stop() {
    stopped = true;
    exchange?.stop();
    if (timer !== null) clearTimeout(timer);
  }
  function again(delay: number) {
    if (!stopped) timer = setTimeout(connect, delay);
  }
  function connect() {
    const begun = performance.now();
    exchange = openStream(options, lastEventId, (end) => {
      if (stopped) return;
      streamed ||= end.streamed;
      lastEventId = end.lastEventId ?? lastEventId;
      retryMs = end.retryMs ?? retryMs;
      if (end.events > 0 || performance.now() - begun > shortMs) failures = 0;
      else failures += 1;
      // A server that names a time means to be asked again and again (2025-11-25: polling).
      if (end.streamed && (failures === 0 || retryMs !== null)) {
        again(Math.min(longestRetryMs, retryMs ?? firstRetryMs));
      } else if (end.final || failures >= options.maxFailures) {
        stop();
        options.gaveUp(end.error, streamed);
      } else {
        const longer = (retryMs ?? firstRetryMs) * 2 ** Math.min(failures, 10);
        again(Math.min(longestRetryMs, longer) * (0.5 + Math.random() / 2));
      }
    });
  }

  if (options.waitFirst) again(Math.min(longestRetryMs, retryMs ?? firstRetryMs));
  else connect();
  return { stop };
}

/** How one connection of a followed stream ended. */
interface StreamEnd {
  error: LinkError;
  /** True where it was an event stream for a while. */
  streamed: boolean;
  /** True where trying again is of no use. */
  final: boolean;
  events: number;
  lastEventId: string | null;
  retryMs: number | null;
}

function openStream(options: FollowOptions, from: string | null, ended: (end: StreamEnd) => void): HttpExchange {
  const body = new Body(errorBodyLimit, true);
  let parser: EventParser | null = null;
  let answer: { status: number; headers: IncomingHttpHeaders } | null = null;
  let events = 0;
  function end(error: LinkError, final: boolean) {
    ended({
      error,
      streamed: parser !== null,
      final,
      events,
      lastEventId: parser?.lastEventId() ?? null,
      retryMs: parser?.retryMs() ?? null,
    });
  }
  function event(received: ServerSentEvent) {
    events += 1;
    options.event(received);
  }
  return options.client.exchange(
    { method: 'GET', target: options.target(), ...options.headers(from), body: null, lane: 'streams' },
    {
      response: (status, headers) => {
        if (status === 200 && isEventStream(headers)) {
          parser = createEventParser({ limit: options.limit, event, oversize: options.oversize });
        } else {
          answer = { status, headers };
        }
      },
      data: (chunk) => {
        if (parser === null) body.push(chunk);
        else parser.push(chunk);
      },
      end: () => {
        if (answer === null) return end(new LinkError('closed', 'The event stream ended.'), false);
        const { status, headers } = answer;
        if (status < 300) return end(new LinkError('protocol', 'The answer is no event stream.', { status }), true);
        const error = refusal(status, headers, parseBody(body.textIn(headers)));
        const lost = status === 404 && options.inSession();
        end(lost ? sessionLost(error) : error, status < 500 && !passing.has(status));
      },
      failed: (error) => end(error, lasting.has(error.code)),
    },
  );
}

/** Failures that come again each time: an address that may not be contacted, or what the server sends. */
const lasting: ReadonlySet<LinkErrorCode> = new Set(['forbidden_url', 'protocol', 'too_large']);
/** Refusals that may be over soon: another stream still open, too many requests. */
const passing = new Set([408, 409, 425, 429]);

export function isEventStream(headers: IncomingHttpHeaders): boolean {
  return contentType(headers) === 'text/event-stream';
}

export function contentType(headers: IncomingHttpHeaders): string {
  const value = headers['content-type'] ?? '';
  const end = value.indexOf(';');
  return (end === -1 ? value : value.slice(0, end)).trim().toLowerCase();
}
