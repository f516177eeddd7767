import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher } from 'undici';
import { say } from '../../reasons.ts';
import type { Certificates } from '../certificates.ts';
import { LinkError } from '../link.ts';
import type { Proxies } from '../proxies.ts';
import { checkUrl, createGuardedConnector, type AddressPolicy } from '../url-guard.ts';
import { codingsOf, createDecoder, type DecodedSink, type Decoder } from './content-codings.ts';
import { handlerFailure } from './guarded.ts';
import { networkError } from './http-errors.ts';
import { createProxied, type Carrier } from './proxied.ts';
import type { Target } from './target.ts';

/**
 * Which connections an exchange uses. A server's question is answered on the `side` lane: were it queued behind the very
 * calls that wait for the answer, nothing would move. Streams that stay open have connections of their own.
 */
export type Lane = 'calls' | 'side' | 'streams';

/** Keep-alive connections per origin and address policy; more exchanges than that wait for a free one. */
const mostConnections: Record<Lane, number | null> = { calls: 512, side: 32, streams: null };
const maxRedirects = 3;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  target: Target;
  /** Name, value, name, value. */
  headers: readonly string[];
  /** The same without what the owner configured: sent where a redirect leads to another origin. */
  publicHeaders: readonly string[];
  body: string | null;
  lane: Lane;
  /** Whether a redirect to another origin is refused: what is sent is for nobody else. */
  staying?: boolean;
}

/** Sees one exchange, without its content codings; after `end` or `failed` nothing more comes. */
export interface HttpHandler {
  /** `target` is where the answer came from, after redirects. */
  response(status: number, headers: IncomingHttpHeaders, target: Target): void;
  data(chunk: Buffer): void;
  end(): void;
  failed(error: LinkError): void;
}

export interface HttpExchange {
  /** Ends the exchange; its handler hears nothing more. */
  stop(): void;
  /** Reads no more of the answer until `resume`; what was read already still comes. */
  pause(): void;
  resume(): void;
}

export interface HttpClient {
  exchange(request: HttpRequest, handler: HttpHandler): HttpExchange;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** An HTTP client that contacts only what the policy allows, at every connection and redirect, straight or through proxies. */
export function createHttpClient(
  policy: AddressPolicy,
  proxies: Proxies | null = null,
  certificates: Certificates | null = null,
): HttpClient {
  const connect = createGuardedConnector(policy, certificates);
  function lane(connections: number | null): Carrier {
    const limits = { connections, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: 0 };
    const direct = new Agent({ connect, ...limits });
    return proxies === null ? direct : createProxied({ direct, proxies, policy, connections });
  }
  const lanes: Record<Lane, Carrier> = {
    calls: lane(mostConnections.calls),
    side: lane(mostConnections.side),
    streams: lane(mostConnections.streams),
  };
  return {
    exchange(request, handler) {
      const exchange = new Exchange(lanes[request.lane], policy, request, handler);
      exchange.dispatch();
      return exchange;
    },
    close: async () => {
      await Promise.all(Object.values(lanes).map((agent) => agent.destroy()));
    },
  };
}

export function toTarget(url: URL): Target {
  return { origin: url.origin, path: url.pathname + url.search };
}

/** One exchange, redirects included. A class, for each call makes one: closures for every event would be dear. */
class Exchange implements HttpExchange, Dispatcher.DispatchHandler {
  private done = false;
  private controller: Dispatcher.DispatchController | null = null;
  private target: Target;
  private redirects = 0;
  /** The target of the answer, until its end. */
  private next: Target | null = null;
  /** False once a redirect has led to another origin: what the owner configured is not for it. */
  private trusted = true;
  /** Takes the content codings off; null for nearly every answer, which has none. */
  private decoder: Decoder | null = null;
  /** Why nothing more is read for now: the handler asked for it, or the decoder has enough. */
  private paused = false;
  private full = false;
  /** Why the connection broke, until what came before it has been decoded. */
  private broken: LinkError | null = null;
  private readonly agent: Carrier;
  private readonly policy: AddressPolicy;
  private readonly request: HttpRequest;
  private readonly handler: HttpHandler;

  constructor(agent: Carrier, policy: AddressPolicy, request: HttpRequest, handler: HttpHandler) {
    this.agent = agent;
    this.policy = policy;
    this.request = request;
    this.handler = handler;
    this.target = request.target;
  }

  dispatch(): void {
    const { method, body, headers, publicHeaders } = this.request;
    const { origin, path } = this.target;
    const sent = (this.trusted ? headers : publicHeaders) as string[];
    this.agent.dispatch({ origin, path, method, headers: sent, body }, this);
  }

  stop(): void {
    this.done = true;
    this.controller?.abort(new Error('stopped'));
    this.controller = null;
    this.decoder?.stop();
  }

  pause(): void {
    this.paused = true;
    this.controller?.pause();
  }

  resume(): void {
    this.paused = false;
    this.readOn();
  }

  private readOn(): void {
    if (!this.paused && !this.full) this.controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.done) this.stop();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, answer: IncomingHttpHeaders): void {
    if (this.done || status < 200) return;
    this.guard(() => this.answered(status, answer));
  }

  private answered(status: number, answer: IncomingHttpHeaders): void {
    const { request, target, policy, redirects } = this;
    const led = isRedirect(status) ? followRedirect(request, target, { status, answer, policy, redirects }) : null;
    if (led instanceof LinkError) return this.fail(led);
    if (led !== null) {
      this.next = led;
      return;
    }
    const codings = answer['content-encoding'];
    if (codings !== undefined) this.decode(codingsOf(codings), status);
    this.handler.response(status, answer, target);
  }

  private decode(codings: readonly string[], status: number): void {
    if (codings.length === 0) return;
    const sink: DecodedSink = {
      data: (chunk) => this.guard(() => this.handler.data(chunk)),
      drained: () => {
        this.full = false;
        this.readOn();
      },
      end: () => this.finish(),
      failed: (error) => {
        if (status < 300) return this.fail(error);
        // A refusal is one, whatever its text.
        const { controller } = this;
        this.finish();
        controller?.abort(error);
      },
    };
    this.decoder = createDecoder(codings, sink);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.done || this.next !== null) return;
    if (this.decoder === null) this.guard(() => this.handler.data(chunk));
    else if (!this.decoder.push(chunk)) {
      this.full = true;
      controller.pause();
    }
  }

  onResponseEnd(): void {
    if (this.done) return;
    this.controller = null;
    if (this.next === null) {
      if (this.decoder === null) this.finish();
      else this.decoder.end();
      return;
    }
    this.trusted &&= this.next.origin === this.request.target.origin;
    this.target = this.next;
    this.next = null;
    this.redirects += 1;
    this.dispatch();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.done) return;
    this.broken = networkError(this.target.origin, error);
    // Data before the break is handled first, as it is where nothing is coded.
    if (this.decoder === null) this.fail(this.broken);
    else this.decoder.end();
  }

  private finish(): void {
    if (this.done) return;
    if (this.broken !== null) return this.fail(this.broken);
    this.done = true;
    this.guard(() => this.handler.end());
  }

  /** An exception of the handler fails this exchange, not the process. */
  private guard(handle: () => void): void {
    try {
      handle();
    } catch (error) {
      this.stop();
      this.handler.failed(new LinkError('protocol', handlerFailure(error), { cause: error }));
    }
  }

  private fail(error: LinkError): void {
    if (this.done) return;
    this.stop();
    this.handler.failed(error);
  }
}

function isRedirect(status: number): boolean {
  return status > 300 && status < 400 && status !== 304;
}

interface Redirect {
  status: number;
  answer: IncomingHttpHeaders;
  policy: AddressPolicy;
  redirects: number;
}

/** The target of a redirect, or the reason why it is not followed. */
function followRedirect(request: HttpRequest, from: Target, redirect: Redirect): Target | LinkError {
  const { status, answer, policy, redirects } = redirect;
  const url = answer.location === undefined ? null : URL.parse(answer.location, from.origin + from.path);
  if (url === null) {
    return new LinkError('http', `The server redirects (HTTP ${status}) but does not say where to.`, { status });
  }
  if (redirects >= maxRedirects) {
    const text = `The server redirects more than ${maxRedirects} times; the last one leads to ${url.href}.`;
    return new LinkError('http', text, { status });
  }
  if (request.method !== 'GET' && status !== 307 && status !== 308) {
    return new LinkError('http', say('redirects', { url: url.href, status }), { status });
  }
  if (from.origin.startsWith('https:') && url.protocol === 'http:') {
    return new LinkError('forbidden_url', `The server redirects from https to ${url.href}, which is not encrypted.`);
  }
  if (request.staying === true && url.origin !== from.origin) {
    return new LinkError('http', `The server redirects to ${url.origin}: register that address instead.`, { status });
  }
  try {
    return toTarget(checkUrl(url.href, policy));
  } catch (error) {
    return error instanceof LinkError ? error : new LinkError('forbidden_url', String(error));
  }
}
