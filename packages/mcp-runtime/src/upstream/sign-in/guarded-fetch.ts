import { excessOf } from '../../nesting.ts';
import type { RemoteLaunch } from '../../types.ts';
import { LinkError } from '../link.ts';
import { toTarget, type HttpClient } from '../links/http-client.ts';
import { Body } from '../links/replies.ts';
import { checkUrl } from '../url-guard.ts';
import { inForm } from './sloppy.ts';
import { createUnseen } from './unseen.ts';

/** Metadata and tokens are small; whatever is larger is none. */
const mostBytes = 256 * 1024;
const mostMs = 15_000;
/** Of one attempt, so that metadata which leads on and on ends. */
const mostRequests = 24;

/** What one request of an attempt came to. */
export interface Heard {
  url: string;
  status: number;
  body: string;
}

export interface GuardedFetch {
  fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** What was answered last; null = nothing yet. */
  last: () => Heard | null;
  /** A text without what was sent, or came, that nobody may see. */
  mask: (text: string) => string;
}

/**
 * A `fetch` for what an authorization server is asked: over the guard of addresses, at every connection and redirect, and
 * bounded in bytes, depth, time and number. It has no credentials but those it is given.
 */
export function guardedFetch(client: HttpClient, launch: RemoteLaunch, signal: AbortSignal): GuardedFetch {
  let last: Heard | null = null;
  let count = 0;
  const unseen = createUnseen();
  async function fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    count += 1;
    if (count > mostRequests) throw new LinkError('protocol', `More than ${mostRequests} requests lead nowhere.`);
    unseen.sent(init);
    const answer = await exchange(client, launch, { url: String(url), init, signal });
    last = { url: String(url), status: answer.status, body: answer.body };
    if (excessOf(answer.body) !== null) throw new LinkError('protocol', 'The answer is nested too deep.');
    const body = inForm(answer.body, init);
    unseen.came(body);
    const isEmpty = answer.status === 204 || answer.status === 205 || answer.status === 304;
    const { status, type } = answer;
    return new Response(isEmpty ? null : body, { status, headers: { 'content-type': type } });
  }
  return { fetch, last: () => last, mask: unseen.mask };
}

interface Asked {
  url: string;
  init: RequestInit;
  signal: AbortSignal;
}

function exchange(client: HttpClient, launch: RemoteLaunch, { url, init, signal }: Asked) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; type: string; body: string }>();
  const body = new Body(mostBytes);
  const method = (init.method ?? 'GET').toUpperCase() === 'POST' ? 'POST' : 'GET';
  const headers = [...new Headers(init.headers)].flat();
  let head = { status: 0, type: '' };
  const going = client.exchange(
    {
      method,
      target: toTarget(checkUrl(url, launch)),
      headers: ['user-agent', 'switchboard', ...headers],
      publicHeaders: [],
      body: method === 'POST' ? bodyOf(init.body) : null,
      lane: 'side',
      staying: true,
    },
    {
      response: (status, answered) => {
        head = { status, type: answered['content-type'] ?? 'text/plain' };
      },
      data: (chunk) => {
        if (body.push(chunk)) return;
        giveUp(new LinkError('too_large', `The answer has more than ${mostBytes / 1024} KB.`));
      },
      end: () => resolve({ ...head, body: body.text() }),
      failed: reject,
    },
  );
  function giveUp(error: unknown): void {
    going.stop();
    reject(error);
  }
  const timer = setTimeout(giveUp, mostMs, new LinkError('unreachable', `No answer came in ${mostMs / 1000} s.`));
  function aborted(): void {
    giveUp(new LinkError('closed', 'The sign-in was given up.'));
  }
  if (signal.aborted) aborted();
  signal.addEventListener('abort', aborted, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', aborted);
  });
}

/** The SDK gives forms and JSON. */
function bodyOf(body: RequestInit['body']): string {
  if (typeof body === 'string') return body;
  return body instanceof URLSearchParams ? body.toString() : '';
}
