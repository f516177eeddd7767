import type { CancelSignal } from '../hot/cancellation.ts';
import type { Needed } from '../personal.ts';
import { textOf, type Reason } from '../reasons.ts';
import type { JsonRpcId, JsonRpcMessage, Launch, LogLevel, TraceCarrier } from '../types.ts';
import type { Malformed } from './links/gate.ts';

export interface SendOptions {
  /** Extra HTTP headers of this message (routing headers of 2026-07-28); ignored on stdio. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Goes along as headers too; ignored on stdio. */
  trace?: TraceCarrier | undefined;
  /** Aborting ends the HTTP exchange of this message; on stdio it does nothing. */
  signal?: CancelSignal | undefined;
  /** The caller; for links within this process, which act for that caller. Absent for requests of the hub itself. */
  origin?: CallOrigin | undefined;
}

/** The caller of a call, and the surrounding span. */
export interface CallOrigin {
  /** Key of the credential. */
  credential: string;
  /** Ids of the graphs whose runs the call belongs to, the outermost first. */
  within: readonly string[];
}

/**
 * One open message pipe to an upstream server: a child's stdio, a streamable HTTP endpoint or an HTTP+SSE stream.
 * It carries JSON-RPC messages and knows nothing of methods, ids or eras.
 */
export interface Link {
  readonly pid: number | null;
  /** Hands a message over. Rejects with LinkError where it could not be delivered; a reply comes by `events.message`. */
  send(message: JsonRpcMessage, options?: SendOptions): Promise<void>;
  /** Sets what later requests carry: `Mcp-Protocol-Version` (and opens the 2025 GET stream when `listen`). No-op on stdio. */
  negotiated(options: { protocolVersion: string; listen: boolean }): void;
  /** The obstacle to a program's start, by its error output so far; null or absent for none known. */
  trouble?(): Reason | string | null;
  /** Ends the link. stdio: end of stdin, SIGTERM after part of the grace, SIGKILL of the group at its end. HTTP: DELETE of the session, streams closed. */
  close(options: { graceMs: number }): Promise<void>;
}

export interface LinkEvents {
  /** `related` is the id of the request on whose HTTP stream the message came, where the transport knows it. */
  message(message: JsonRpcMessage, related: JsonRpcId | null): void;
  /** A message came that the hub cannot use: the requests it answers have failed. */
  malformed(fault: Malformed): void;
  /** A request's HTTP exchange ended without its reply (after resumption was tried). */
  lost(id: JsonRpcId, error: LinkError): void;
  log(level: LogLevel, source: 'stdout' | 'stderr' | 'hub', text: string): void;
  /** The program downloads the code it will run; called with each sign of it. */
  downloading?(): void;
  /** The pipe is closed for good; called once, also after `close`. */
  closed(error: LinkError | null): void;
}

/** Opens a link; rejects with LinkError where the server cannot be reached or started. */
export type OpenLink = (launch: Launch, context: LinkContext, events: LinkEvents) => Promise<Link>;

export interface LinkContext {
  serverId: string;
  instance: string;
  signal: AbortSignal;
  /** Largest message from the server in bytes; a larger one ends its call, not the link. */
  messageLimit: number;
}

export type LinkErrorCode =
  /** The program could not be started, or the address could not be reached. */
  | 'unreachable'
  /** The URL is not one the hub may contact. */
  | 'forbidden_url'
  /** The server wants a sign-in (HTTP 401, or 403 with a challenge). */
  | 'unauthorized'
  /** The server no longer knows the session (HTTP 404): a new one has to be opened. */
  | 'session_lost'
  /** Any other refusal: see `status` and `body`. */
  | 'http'
  /** The pipe broke, or the child ended. */
  | 'closed'
  | 'too_large'
  /** The answer is no message of the protocol. */
  | 'malformed'
  /** The data is none of the transport. */
  | 'protocol';

export class LinkError extends Error {
  override name = 'LinkError';
  readonly code: LinkErrorCode;
  readonly status: number | null;
  /** The body of an HTTP error: a JSON-RPC error where the server put one there. */
  readonly body: unknown;
  /** How long the server asks to wait before it is asked again. */
  readonly retryAfterSeconds: number | null;
  /** What the person has to do before the server takes it; null = nothing is known. */
  readonly needed: Needed | null;
  /** Null where it is put into words only. */
  readonly reason: Reason | null;
  constructor(
    code: LinkErrorCode,
    why: Reason | string,
    options: {
      status?: number;
      body?: unknown;
      retryAfterSeconds?: number | null;
      needed?: Needed | null;
      cause?: unknown;
    } = {},
  ) {
    super(textOf(why), { cause: options.cause });
    this.reason = typeof why === 'string' ? null : why;
    this.code = code;
    this.status = options.status ?? null;
    this.body = options.body ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.needed = options.needed ?? null;
  }
}

/** A message too deep or odd to be written must fail as one that could not be delivered. */
export function deliver(link: Link, message: JsonRpcMessage, options?: SendOptions): Promise<void> {
  try {
    return link.send(message, options);
  } catch (error) {
    return Promise.reject(new LinkError('protocol', 'The message could not be written', { cause: error }));
  }
}
