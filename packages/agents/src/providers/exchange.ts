import {
  type LinkError,
  retryAfterOf,
  toTarget,
  type HttpClient,
  type HttpExchange,
} from '@switchboard/mcp-runtime/http';
import type { ProviderError } from '../errors.ts';
import type { Clock } from '../types.ts';
import { answerBounds } from './bounds.ts';
import type { Failures, Refusal } from './failures.ts';

export interface Ask {
  url: URL;
  method: 'GET' | 'POST';
  headers: readonly string[];
  body: string | null;
}

/** Sees the body of an answer with a status under 300. */
export interface AnswerSink {
  data(chunk: Buffer): void;
  end(): void;
  failed(error: ProviderError): void;
}

/** How a provider answered, before anything of an answer's body. */
export type OpenedAnswer =
  | { ok: true; type: string; read: (sink: AnswerSink) => void }
  | { ok: false; refusal: Refusal; retryAfterMs: number | null };

export interface Open {
  /** Rejects with ProviderError where no answer came. */
  opened: Promise<OpenedAnswer>;
  stop(): void;
  pause(): void;
  resume(): void;
}

export interface ExchangePorts {
  client: HttpClient;
  clock: Clock;
}

/** Sends one request. The body is kept until `read` is called. */
export function openExchange({ client, clock }: ExchangePorts, ask: Ask, failures: Failures): Open {
  const { promise: opened, resolve, reject } = Promise.withResolvers<OpenedAnswer>();
  const early: Buffer[] = [];
  let sink: AnswerSink | null = null;
  let outcome: 'open' | 'ended' | ProviderError = 'open';
  let refused: { status: number; headers: Headers; chunks: Buffer[]; bytes: number } | null = null;

  function read(to: AnswerSink) {
    sink = to;
    for (const chunk of early.splice(0)) to.data(chunk);
    if (outcome === 'ended') to.end();
    else if (outcome !== 'open') to.failed(outcome);
  }
  function finish(how: 'ended' | ProviderError) {
    if (outcome !== 'open') return;
    outcome = how;
    if (how === 'ended') sink?.end();
    else sink?.failed(how);
  }
  function endRefused() {
    if (refused === null || outcome !== 'open') return;
    outcome = 'ended';
    resolve(readRefusal(refused, failures, clock.now()));
  }

  const exchange: HttpExchange = client.exchange(
    { ...ask, target: toTarget(ask.url), publicHeaders: [], lane: 'streams', staying: true },
    {
      response(status, headers) {
        if (status >= 300) {
          refused = { status, headers, chunks: [], bytes: 0 };
          return;
        }
        const type = headers['content-type'] ?? '';
        resolve({ ok: true, type: (type.split(';')[0] ?? '').trim().toLowerCase(), read });
      },
      data(chunk) {
        if (refused === null) {
          if (sink === null) early.push(chunk);
          else sink.data(chunk);
          return;
        }
        refused.chunks.push(chunk);
        refused.bytes += chunk.length;
        if (refused.bytes < answerBounds.refusalBytes) return;
        exchange.stop();
        endRefused();
      },
      end() {
        if (refused === null) finish('ended');
        else endRefused();
      },
      failed(error) {
        // A refusal of the provider is one, whatever its text is.
        if (refused !== null) return endRefused();
        const failure = failureOf(error, failures);
        reject(failure);
        finish(failure);
      },
    },
  );
  // A caller that stopped waiting gets the error nowhere else.
  opened.catch(() => undefined);
  return { opened, stop: () => exchange.stop(), pause: () => exchange.pause(), resume: () => exchange.resume() };
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function readRefusal(
  refused: { status: number; headers: Headers; chunks: Buffer[] },
  failures: Failures,
  now: number,
): OpenedAnswer {
  const text = Buffer.concat(refused.chunks).subarray(0, answerBounds.refusalBytes).toString('utf8');
  return {
    ok: false,
    refusal: failures.read(refused.status, jsonOr(text)),
    retryAfterMs: retryAfterIn(refused.headers, now),
  };
}

function retryAfterIn(headers: Headers, now: number): number | null {
  // OpenAI and Azure say it in milliseconds besides.
  const ms = headers['retry-after-ms'];
  if (typeof ms === 'string' && /^\d{1,9}$/.test(ms)) return Number(ms);
  const seconds = retryAfterOf(headers['retry-after'], now);
  return seconds === null ? null : seconds * 1000;
}

/** The parsed JSON, or the text where it is none. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function failureOf(error: LinkError, failures: Failures): ProviderError {
  switch (error.code) {
    case 'forbidden_url':
      return failures.of('bad_request', error.message);
    case 'http':
      // A redirect that is not followed.
      return failures.of('bad_request', error.message, { status: error.status });
    case 'protocol':
    case 'too_large':
    case 'malformed':
      return failures.of('protocol', error.message);
    default:
      return failures.of('unavailable', error.message);
  }
}
