import type { IncomingHttpHeaders } from 'node:http';
import { LinkError } from '../link.ts';
import type { HeaderSet } from './http-headers.ts';
import type { HttpClient, HttpExchange, Target } from './http-client.ts';
import type { OversizeLine } from './lines.ts';
import { createBody, parseBody, refusal } from './replies.ts';
import { createEventParser, type EventParser, type ServerSentEvent } from './sse-parser.ts';

export interface FollowOptions {
  client: HttpClient;
  target: () => Target;
  headers: (lastEventId: string | null) => HeaderSet;
  inSession: () => boolean;
  limit: number;
  event: (event: ServerSentEvent) => void;
  oversize: (line: OversizeLine) => void;
  /** Nothing more will come: the server refused, or failed too often. */
  gaveUp: (error: LinkError) => void;
  /** How many failures in a row end it. */
  maxFailures: number;
  lastEventId: string | null;
  /** What the server asked for so far. */
  retryMs: number | null;
  /** True to wait once before the first connection. */
  waitFirst: boolean;
}

export interface Follower {
  stop(): void;
}

const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A stream that ends sooner, without an event, counts as failed. */
const SHORT_MS = 5_000;
const ERROR_BODY_LIMIT = 64 * 1024;

/** Reads a GET event stream and connects again, from the last event id, each time it ends. */
export function followEvents(options: FollowOptions): Follower {
  let stopped = false;
  let exchange: HttpExchange | null = null;
  let timer: NodeJS.Timeout | null = null;
  let failures = 0;
  let lastEventId = options.lastEventId;
  let retryMs = options.retryMs;

  const stop = () => {
    stopped = true;
    exchange?.stop();
    if (timer !== null) clearTimeout(timer);
  };
  const giveUp = (error: LinkError) => {
    stop();
    options.gaveUp(error);
  };
  const again = (delay: number) => {
    if (!stopped) timer = setTimeout(connect, delay);
  };
  const failed = (error: LinkError) => {
    failures += 1;
    if (failures >= options.maxFailures) giveUp(error);
    else
      again(
        Math.min(LONGEST_RETRY_MS, (retryMs ?? RETRY_MS) * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2),
      );
  };

  const connect = () => {
    let parser: EventParser | null = null;
    let answer: { status: number; headers: IncomingHttpHeaders } | null = null;
    const body = createBody(ERROR_BODY_LIMIT);
    const begun = performance.now();
    let events = 0;

    const ended = (error: LinkError) => {
      lastEventId = parser?.lastEventId() ?? lastEventId;
      retryMs = parser?.retryMs() ?? retryMs;
      const useful = events > 0 || performance.now() - begun > SHORT_MS;
      if (useful) failures = 0;
      // A server that names a time means to be asked again and again (2025-11-25: polling).
      const polled = parser !== null && retryMs !== null;
      if (parser !== null && (useful || polled)) again(retryMs ?? RETRY_MS);
      else failed(error);
    };

    exchange = options.client.exchange(
      { method: 'GET', target: options.target(), ...options.headers(lastEventId), body: null, lane: 'streams' },
      {
        response: (status, headers) => {
          if (status === 200 && isEventStream(headers)) {
            parser = createEventParser({
              limit: options.limit,
              event: (event) => {
                events += 1;
                options.event(event);
              },
              oversize: options.oversize,
            });
          } else {
            answer = { status, headers };
          }
        },
        data: (chunk) => {
          if (parser === null) body.push(chunk);
          else parser.push(chunk);
        },
        end: () => {
          if (answer === null) return ended(new LinkError('closed', 'The event stream ended.'));
          const { status, headers } = answer;
          if (status < 300) return giveUp(new LinkError('protocol', 'The server has no event stream.', { status }));
          const refused = refusal(status, headers, parseBody(body.text()), { inSession: options.inSession() });
          if (status >= 500 || status === 409 || status === 429) failed(refused);
          else giveUp(refused);
        },
        failed: (error) => (error.code === 'forbidden_url' ? giveUp(error) : ended(error)),
      },
    );
  };

  if (options.waitFirst) again(retryMs ?? RETRY_MS);
  else connect();
  return { stop };
}

export function isEventStream(headers: IncomingHttpHeaders): boolean {
  return contentType(headers) === 'text/event-stream';
}

export function contentType(headers: IncomingHttpHeaders): string {
  const value = headers['content-type'] ?? '';
  const end = value.indexOf(';');
  return (end === -1 ? value : value.slice(0, end)).trim().toLowerCase();
}
