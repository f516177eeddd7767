import type { ServerIdentity } from '../definitions/server-identity.ts';
import type { Needed } from '../personal.ts';
import { type Reason, say } from '../reasons.ts';
import type { CatalogNote, JsonObject, LogLevel, ServerSpec } from '../types.ts';
import type { Era } from '../versions.ts';
import { createExchange, type Exchange, type InstanceClient, type UpstreamRequest } from './exchange.ts';
import { explained, withNeeded } from './failures.ts';
import { shakeHands, type ClientIdentity, type Handshake, type HandshakeOptions } from './handshake.ts';
import { hidden, hiddenStart } from './hidden.ts';
import { LinkError, type Link, type LinkErrorCode, type LinkEvents, type OpenLink } from './link.ts';
import type { Malformed } from './links/gate.ts';
import { handlerFailure } from './links/guarded.ts';
import { boundRemarks, type Remark } from './remarks.ts';
import { hear, type Speaker } from './speaker.ts';
import { tellStrays } from './strays.ts';

/** One open, initialised connection to a server. */
export interface Instance {
  readonly id: string;
  readonly era: Era;
  readonly identity: ServerIdentity;
  readonly pid: number | null;
  /** Notes about its connection. */
  readonly notes: readonly CatalogNote[];
  readonly startedAt: number;
  /** How long the opening took, in milliseconds. */
  readonly openMs: number;
  /** The client for questions and notifications; null for shared connections. */
  client: InstanceClient | null;
  /** Subscribers that hear what belongs to no call, and are told when it ends. */
  readonly watchers: Set<Watcher>;
  /** By the clock that nobody sets, as `lastUsedAt`. */
  readonly openedAt: number;
  lastUsedAt: number;
  /** Uses that keep it awake, besides those its pool knows of. */
  leases: number;
  /** The receiver of its events; replaced when another supervisor takes the instance over. */
  handlers: InstanceHandlers;
  request(request: UpstreamRequest): Promise<JsonObject>;
  notify(method: string, params: JsonObject): void;
  inFlight(): number;
  /** False once the link is gone or going. */
  alive(): boolean;
  /** The error that ended it, or null. */
  ended(): LinkError | null;
  close(options: { graceMs: number }): Promise<void>;
}

export interface Watcher {
  notify(method: string, params: JsonObject): void;
  lost(): void;
}

export interface InstanceHandlers {
  /** Notifications that are not a single call's: list changes, resource updates, log messages. */
  onNotification(method: string, params: JsonObject): void;
  /** The connection ended; not told of one that never opened. */
  onClosed(error: LinkError | null): void;
}

export interface OpenInstanceOptions extends InstanceHandlers {
  spec: ServerSpec;
  id: string;
  openLink: OpenLink;
  identity: ClientIdentity;
  /** Eras to try, in order. */
  eras: readonly Era[];
  client: InstanceClient | null;
  notes: readonly CatalogNote[];
  messageLimit: number;
  now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  elapsed: () => number;
  /** Gives up the opening; of no effect afterwards. */
  signal: AbortSignal;
  /** Values with which people use the server; its failures show neither them nor what it is opened with. */
  unseen: () => readonly string[];
  /** What the person whose instance it is can do where the server refuses it; null = nothing, or it is nobody's. */
  refused: () => Needed | null;
  onLog(level: LogLevel, source: 'stdout' | 'stderr' | 'hub', text: string): void;
  /** The program downloads what it will run; told with each sign of it, until the handshake is through. */
  onDownload(): void;
}

const graceMs = 2000;
/** Limit of what is ended by other means: the longest a timer can wait. */
export const foreverMs = 2 ** 31 - 1;

interface Wire {
  /** The hub's own log lines about this connection, bounded. */
  readonly remark: Remark;
  link: Link | null;
  /** Null until the handshake is through. */
  instance: Instance | null;
  exchange: Exchange;
  alive: boolean;
  ended: LinkError | null;
}

function closed(wire: Wire, error: LinkError | null, why: Reason | string = say('closedByServer')): void {
  if (!wire.alive) return;
  wire.alive = false;
  wire.ended = error ?? new LinkError('closed', why);
  wire.exchange.fail(wire.ended);
  tellClosed(wire, error);
}

function tellClosed({ instance }: Wire, error: LinkError | null): void {
  if (instance === null) return;
  instance.handlers.onClosed(error);
  for (const watcher of instance.watchers) watcher.lost();
  instance.watchers.clear();
}

function wireUp(options: OpenInstanceOptions, era: () => Era): Wire {
  const remark = boundRemarks((level, text) => options.onLog(level, 'hub', text));
  const wire: Wire = {
    remark,
    link: null,
    instance: null,
    alive: true,
    ended: null,
    exchange: createExchange({
      link() {
        if (wire.link === null) throw new LinkError('closed', 'The connection is not open yet');
        return wire.link;
      },
      era,
      client: () => (wire.instance ?? options).client,
      hide(error, request) {
        const told = hidden(options.spec.launch, error, options.unseen());
        if (request !== undefined && isToTell(told, request)) remark('warn', `${request.method}: ${told.message}`);
        return told;
      },
      refused: options.refused,
      onNotification: (method, params) => (wire.instance?.handlers ?? options).onNotification(method, params),
      onStray: tellStrays((text) => remark('warn', text)),
      onSessionLost(error) {
        // The link ends by itself; whoever wants an instance before that must get another.
        if (!wire.alive) return;
        wire.alive = false;
        wire.ended = error;
        tellClosed(wire, error);
      },
    }),
  };
  return wire;
}

/** Failures of a call that the log has in other words: the connection is opened again, or its message was logged. */
const toldCodes: ReadonlySet<LinkErrorCode> = new Set(['session_lost', 'too_large', 'malformed']);

/** Whether a call failed for what came instead of its answer; what the hub asks for itself is told by whoever asked. */
function isToTell(error: unknown, request: UpstreamRequest): error is LinkError {
  return error instanceof LinkError && !toldCodes.has(error.code) && request.background !== true;
}

function openLink(wire: Wire, options: OpenInstanceOptions): Promise<Link> {
  const { spec, id, signal, messageLimit } = options;
  return options.openLink(
    spec.launch,
    { serverId: spec.id, instance: id, signal, messageLimit },
    eventsOf(wire, options),
  );
}

/** The events of a link, handled so that an exception fails this connection and no other. */
function eventsOf(wire: Wire, options: OpenInstanceOptions): LinkEvents {
  const { exchange, remark } = wire;
  const speaker: Speaker = { serverId: options.spec.id, fail: (error) => failOn(wire, options, error) };
  return {
    message: (message, related) => hear(speaker, () => exchange.receive(message, related)),
    malformed: (fault) => hear(speaker, () => refuse(wire, fault)),
    lost: (lostId, error) => hear(speaker, () => exchange.lose(lostId, error)),
    log: (level, source, text) => {
      if (source === 'hub') remark(level, text);
      else options.onLog(level, source, text);
    },
    downloading: () => {
      if (wire.instance === null) options.onDownload();
    },
    closed: (error) =>
      hear(speaker, () => {
        if (wire.alive)
          return closed(wire, error === null ? null : hidden(options.spec.launch, error, options.unseen()));
        if (wire.ended !== null) exchange.fail(wire.ended);
      }),
  };
}

/** Drops a message that the hub cannot use, and fails the requests that it answers. */
function refuse(wire: Wire, { ids, reason }: Malformed): void {
  wire.remark('warn', `A malformed message was dropped. ${reason}`);
  for (const id of ids)
    wire.exchange.lose(id, new LinkError('malformed', `The server's answer is malformed. ${reason}`));
}

/** The hub itself failed on what the server sent: this connection ends, with the reason in the server's log. */
function failOn(wire: Wire, options: OpenInstanceOptions, error: unknown): void {
  const text = handlerFailure(error);
  options.onLog('error', 'hub', error instanceof Error && error.stack !== undefined ? `${text}\n${error.stack}` : text);
  closed(wire, hidden(options.spec.launch, new LinkError('protocol', text, { cause: error }), options.unseen()));
  void wire.link?.close({ graceMs: graceMs }).catch(() => undefined);
}

/**
 * Starts or reaches the server and completes the handshake in the first era that works. Rejects with
 * LinkError or RpcError, leaving nothing behind.
 */
export async function openInstance(options: OpenInstanceOptions): Promise<Instance> {
  let era: Era = options.eras[0] ?? 'legacy';
  const { signal } = options;
  signal.throwIfAborted();
  const begun = performance.now();
  const wire = wireUp(options, () => era);
  const { exchange } = wire;
  const link = await openLink(wire, options).catch((error: unknown) => {
    throw signal.aborted
      ? signal.reason
      : hiddenStart(options.spec.launch, withNeeded(error, options.refused), options.unseen());
  });
  wire.link = link;
  const request: HandshakeOptions['request'] = (method, params, how) => {
    if (wire.ended !== null) return Promise.reject(wire.ended);
    const limits = { timeoutMs: foreverMs, maxMs: foreverMs };
    return exchange.request({ method, params, ...limits, ...how, signal, background: true });
  };
  try {
    signal.throwIfAborted();
    const { identity: client, eras } = options;
    const probeMs = eras.length > 1 ? options.spec.limits.startTimeoutMs / 2 : foreverMs;
    const done = await shakeHands({ client, eras, signal, probeMs, request }, link);
    if (wire.ended !== null) throw wire.ended;
    era = done.era;
    wire.instance = toInstance(wire, link, options, { ...done, openMs: performance.now() - begun });
    return wire.instance;
  } catch (error) {
    // Closing ends the wire for a reason of its own.
    const why: unknown = signal.aborted ? explained(signal.reason, link.trouble?.() ?? null) : (wire.ended ?? error);
    await link.close({ graceMs: graceMs }).catch(() => undefined);
    throw signal.aborted ? why : hiddenStart(options.spec.launch, why, options.unseen());
  }
}

function toInstance(
  wire: Wire,
  link: Link,
  options: OpenInstanceOptions,
  done: Handshake & { openMs: number },
): Instance {
  const { exchange } = wire;
  return {
    ...done,
    id: options.id,
    pid: link.pid,
    notes: options.notes,
    startedAt: options.now(),
    client: options.client,
    watchers: new Set(),
    openedAt: options.elapsed(),
    lastUsedAt: options.elapsed(),
    leases: 0,
    handlers: options,
    request: (request) => exchange.request(request),
    notify: (method, params) => exchange.notify(method, params),
    inFlight: () => exchange.inFlight(),
    alive: () => wire.alive,
    ended: () => wire.ended,
    async close(close) {
      closed(wire, null, 'The server was stopped');
      await link.close(close);
    },
  };
}
