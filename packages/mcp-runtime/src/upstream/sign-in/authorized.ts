import type { IncomingHttpHeaders } from 'node:http';
import type { Needed } from '../../personal.ts';
import { say, whyOf } from '../../reasons.ts';
import { LinkError } from '../link.ts';
import type { HttpClient, HttpExchange, HttpHandler, HttpRequest } from '../links/http-client.ts';
import type { Target } from '../links/target.ts';
import { readChallenge } from './discover.ts';
import { SignInError, type Challenge, type SignInFailure, type SignInOf, type SignIns } from './types.ts';

/** Of a refusal as much is kept as its words need. */
const keptBytes = 64 * 1024;
/** Nor is more waited for. */
const longestRefusalMs = 5_000;

/** A client whose requests carry the sign-in that a link uses, and are sent once more where that could be made good. */
export function authorizedClient(client: HttpClient, signIns: SignIns, of: SignInOf): HttpClient {
  return {
    exchange(request, handler) {
      const exchange = new AuthorizedExchange({ client, signIns, of }, request, handler);
      exchange.begin();
      return exchange;
    },
    close: () => client.close(),
  };
}

interface Around {
  client: HttpClient;
  signIns: SignIns;
  of: SignInOf;
}

interface Refusal {
  status: number;
  headers: IncomingHttpHeaders;
  target: Target;
  chunks: Buffer[];
  bytes: number;
  isHeard: boolean;
  timer: NodeJS.Timeout;
}

/** A class, for each call makes one. */
class AuthorizedExchange implements HttpExchange, HttpHandler {
  private inner: HttpExchange | null = null;
  private stopped = false;
  private paused = false;
  private again = false;
  private sent: string | null = null;
  private refusal: Refusal | null = null;
  private readonly around: Around;
  private readonly request: HttpRequest;
  private readonly handler: HttpHandler;

  constructor(around: Around, request: HttpRequest, handler: HttpHandler) {
    this.around = around;
    this.request = request;
    this.handler = handler;
  }

  begin(): void {
    const header = this.around.signIns.header(this.around.of);
    if (header === null || typeof header === 'string') return this.dispatch(header);
    header.then(
      (value) => this.dispatch(value),
      (error: unknown) => this.fail(error),
    );
  }

  private dispatch(header: string | null): void {
    if (this.stopped) return;
    const { request } = this;
    this.sent = header;
    const asked = header === null ? request : { ...request, headers: [...request.headers, 'authorization', header] };
    this.inner = this.around.client.exchange(asked, this);
    if (this.paused) this.inner.pause();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.refusal?.timer);
    this.inner?.stop();
  }

  pause(): void {
    this.paused = true;
    this.inner?.pause();
  }

  resume(): void {
    this.paused = false;
    this.inner?.resume();
  }

  response(status: number, headers: IncomingHttpHeaders, target: Target): void {
    if (this.again || !asksForSignIn(status, headers)) return this.handler.response(status, headers, target);
    const timer = setTimeout(() => this.heard(), longestRefusalMs);
    this.refusal = { status, headers, target, chunks: [], bytes: 0, isHeard: false, timer };
  }

  data(chunk: Buffer): void {
    const { refusal } = this;
    if (refusal === null) return this.handler.data(chunk);
    if (refusal.isHeard) return;
    refusal.chunks.push(chunk);
    refusal.bytes += chunk.length;
    if (refusal.bytes >= keptBytes) this.heard();
  }

  /** Ends a refusal whose server goes on and on. */
  private heard(): void {
    this.inner?.stop();
    this.end();
  }

  end(): void {
    const { refusal } = this;
    if (refusal === null) return this.handler.end();
    if (refusal.isHeard) return;
    refusal.isHeard = true;
    clearTimeout(refusal.timer);
    void this.around.signIns.refused(this.around.of, challengeOf(refusal), this.sent).then((after) => {
      if (this.stopped) return;
      this.refusal = null;
      this.again = true;
      if (after === 'again') return this.begin();
      const { of, signIns } = this.around;
      if (after === 'sign-in' && of.person !== null) {
        return this.handler.failed(toSignIn(of.serverId, signIns.needed(of), refusal.status));
      }
      // Without its challenge it is a refusal like others, which no sign-in changes.
      const { 'www-authenticate': _challenge, ...headers } = refusal.headers;
      this.tell(after === 'never' && refusal.status === 403 ? { ...refusal, headers } : refusal);
    });
  }

  /** Hands a refusal on as it came. */
  private tell({ status, headers, target, chunks }: Refusal): void {
    try {
      this.handler.response(status, headers, target);
      for (const chunk of chunks) this.handler.data(chunk);
      this.handler.end();
    } catch (error) {
      this.handler.failed(new LinkError('protocol', whyOf(error), { cause: error }));
    }
  }

  failed(error: LinkError): void {
    if (this.refusal === null) return this.handler.failed(error);
    // The refusal was heard, whatever became of its words.
    this.end();
  }

  private fail(error: unknown): void {
    if (this.stopped) return;
    const { of, signIns } = this.around;
    const isPersons = of.person !== null && error instanceof SignInError && personCan.has(error.failure);
    this.handler.failed(isPersons ? toSignIn(of.serverId, signIns.needed(of)) : asLinkError(error));
  }
}

/** What signing in again may mend; why it is needed stands where the person does that. */
const personCan = new Set<SignInFailure>(['ended', 'unknown-client', 'refused']);

function asLinkError(error: unknown): LinkError {
  if (error instanceof LinkError) return error;
  if (!(error instanceof SignInError)) return new LinkError('unreachable', whyOf(error), { cause: error });
  const code = error.failure === 'unreachable' ? 'unreachable' : 'unauthorized';
  return new LinkError(code, error.reason, { cause: error });
}

/** The server took nothing of it: with a sign-in it may be sent again. */
function toSignIn(id: string, needed: Needed, status = 401): LinkError {
  const isMore = status === 403;
  const why = say(isMore ? 'signInForMore' : 'signInToServer', { id, url: needed.url });
  const wanted: Needed = isMore ? { ...needed, again: 'more' } : needed;
  return new LinkError('unauthorized', why, { status, needed: wanted });
}

function challengeOf({ status, headers }: Refusal): Challenge {
  return { status, header: headers['www-authenticate'] ?? null };
}

/** 401, or 403 for want of scopes. */
function asksForSignIn(status: number, headers: IncomingHttpHeaders): boolean {
  if (status === 401) return true;
  const header = headers['www-authenticate'];
  if (status !== 403 || header === undefined) return false;
  return readChallenge({ status, header }).error === 'insufficient_scope';
}
