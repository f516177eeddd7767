import type { ServerIdentity } from '../catalog.ts';
import { routingHeaders } from '../param-headers.ts';
import { ErrorCode, isObject, metaOf, RpcError } from '../rpc.ts';
import type { JsonObject, JsonRpcId, JsonRpcMessage, LogLevel, ServerSpec } from '../types.ts';
import { isModernVersion, LATEST_LEGACY, LATEST_MODERN, LEGACY_VERSIONS, Meta, MODERN_VERSIONS } from '../versions.ts';
import type { Era } from '../versions.ts';
import { createExchange } from './exchange.ts';
import type { InstanceClient, UpstreamRequest } from './exchange.ts';
import { LinkError } from './link.ts';
import type { Link, OpenLink } from './link.ts';

/** As whom an instance presents itself to the server. */
export interface ClientIdentity {
  clientInfo: JsonObject;
  capabilities: JsonObject;
}

/** One open, initialised connection to a server. */
export interface Instance {
  readonly id: string;
  readonly era: Era;
  readonly identity: ServerIdentity;
  readonly pid: number | null;
  readonly startedAt: number;
  /** Who is asked and told; null for connections nobody owns. */
  client: InstanceClient | null;
  /** Subscribers without a session that hear what belongs to no call. */
  readonly watchers: Set<(method: string, params: JsonObject) => void>;
  lastUsedAt: number;
  /** Leases held now; an instance with none may sleep. */
  leases: number;
  /** Who hears of it; replaced when another supervisor takes the instance over. */
  handlers: InstanceHandlers;
  request(request: UpstreamRequest): Promise<JsonObject>;
  notify(method: string, params: JsonObject): void;
  inFlight(): number;
  /** False once the link is gone. */
  alive(): boolean;
  close(options: { graceMs: number }): Promise<void>;
}

export interface InstanceHandlers {
  /** Notifications that are not a single call's: list changes, resource updates, log messages. */
  onNotification(method: string, params: JsonObject): void;
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
  messageLimit: number;
  now: () => number;
  signal: AbortSignal;
  onLog(level: LogLevel, source: 'stdout' | 'stderr' | 'hub', text: string): void;
}

const HANDSHAKE_ID = { initialize: 'hub-initialize', discover: 'hub-discover' } as const;

/** Envelope keys of a 2026-07-28 request. */
export function envelope(identity: ClientIdentity): JsonObject {
  return {
    [Meta.protocolVersion]: LATEST_MODERN,
    [Meta.clientInfo]: identity.clientInfo,
    [Meta.clientCapabilities]: identity.capabilities,
  };
}

interface Handshake {
  era: Era;
  identity: ServerIdentity;
}

type Ask = (message: JsonRpcMessage & { id: JsonRpcId }, headers?: Record<string, string>) => Promise<JsonObject>;

async function initialize(ask: Ask, link: Link, identity: ClientIdentity): Promise<Handshake> {
  const params = {
    protocolVersion: LATEST_LEGACY,
    capabilities: identity.capabilities,
    clientInfo: identity.clientInfo,
  };
  const result = await ask({ jsonrpc: '2.0', id: HANDSHAKE_ID.initialize, method: 'initialize', params });
  const version = result['protocolVersion'];
  if (typeof version !== 'string')
    throw new RpcError(ErrorCode.internal, 'The server answered initialize without a protocolVersion');
  if (isModernVersion(version) || version < '2024-10-07') {
    throw new RpcError(
      ErrorCode.internal,
      `The server speaks MCP ${version}; the hub speaks ${LEGACY_VERSIONS.join(', ')} and ${MODERN_VERSIONS.join(', ')}`,
    );
  }
  link.negotiated({ protocolVersion: version, listen: true });
  await link.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return { era: 'legacy', identity: toIdentity(result, version, [version]) };
}

async function discover(ask: Ask, link: Link, identity: ClientIdentity): Promise<Handshake> {
  const params = { _meta: envelope(identity) };
  const headers = routingHeaders(LATEST_MODERN, 'server/discover', params);
  const result = await ask({ jsonrpc: '2.0', id: HANDSHAKE_ID.discover, method: 'server/discover', params }, headers);
  const supported = Array.isArray(result['supportedVersions']) ? result['supportedVersions'].map(String) : [];
  if (!supported.includes(LATEST_MODERN)) {
    throw new RpcError(
      ErrorCode.unsupportedVersion,
      `The server offers MCP ${supported.join(', ') || 'no version'}; the hub speaks ${MODERN_VERSIONS.join(', ')}`,
    );
  }
  link.negotiated({ protocolVersion: LATEST_MODERN, listen: false });
  return { era: 'modern', identity: toIdentity(result, LATEST_MODERN, supported) };
}

function toIdentity(result: JsonObject, protocolVersion: string, supportedVersions: string[]): ServerIdentity {
  const stamped = metaOf(result)?.[Meta.serverInfo];
  const info = isObject(result['serverInfo']) ? result['serverInfo'] : stamped;
  return {
    protocolVersion,
    supportedVersions,
    serverInfo: isObject(info) ? info : {},
    capabilities: isObject(result['capabilities']) ? result['capabilities'] : {},
    instructions: typeof result['instructions'] === 'string' ? result['instructions'] : null,
  };
}

/** Whether trying the next era makes sense after this failure. */
function speaksOtherwise(error: unknown): boolean {
  if (error instanceof RpcError) return true;
  return (
    error instanceof LinkError &&
    error.code !== 'unreachable' &&
    error.code !== 'forbidden_url' &&
    error.code !== 'unauthorized' &&
    error.code !== 'closed'
  );
}

async function handshake(ask: Ask, link: Link, options: OpenInstanceOptions): Promise<Handshake> {
  let failure: unknown;
  for (const era of options.eras) {
    try {
      return era === 'legacy'
        ? await initialize(ask, link, options.identity)
        : await discover(ask, link, options.identity);
    } catch (error) {
      // The handshake's error is the one people know; a failed probe of the other era says less.
      if (failure === undefined || era === 'legacy') failure = error;
      if (!speaksOtherwise(error)) throw error;
    }
  }
  throw failure;
}

/**
 * Starts or reaches the server and completes the handshake in the first era that works. Rejects with
 * LinkError or RpcError, leaving nothing behind.
 */
export async function openInstance(options: OpenInstanceOptions): Promise<Instance> {
  let link: Link | undefined;
  let era: Era = options.eras[0] ?? 'legacy';
  let alive = true;
  let ended: LinkError | null = null;
  const waiting = new Map<JsonRpcId, { resolve(result: JsonObject): void; reject(error: unknown): void }>();
  const here = (): Link => {
    if (link === undefined) throw new LinkError('closed', 'The connection is not open yet');
    return link;
  };
  const instance: { current: Instance | null } = { current: null };
  const handlers = (): InstanceHandlers => instance.current?.handlers ?? options;
  const exchange = createExchange({
    link: here,
    era: () => era,
    client: () => instance.current?.client ?? null,
    now: options.now,
    onNotification: (method, params) => handlers().onNotification(method, params),
  });
  const failWaiting = (error: unknown): void => {
    for (const entry of waiting.values()) entry.reject(error);
    waiting.clear();
  };

  link = await options.openLink(
    options.spec.launch,
    { serverId: options.spec.id, instance: options.id, signal: options.signal, messageLimit: options.messageLimit },
    {
      message(message, related) {
        const entry = !('method' in message) && message.id !== null ? waiting.get(message.id) : undefined;
        if (entry === undefined || 'method' in message) return exchange.receive(message, related);
        waiting.delete(message.id ?? '');
        if (message.error === undefined) entry.resolve(message.result ?? {});
        else entry.reject(new RpcError(message.error.code, message.error.message, message.error.data));
      },
      lost(id, error) {
        const entry = waiting.get(id);
        if (entry === undefined) return exchange.lose(id, error);
        waiting.delete(id);
        entry.reject(error);
      },
      log: options.onLog,
      closed(error) {
        if (!alive) return;
        alive = false;
        ended = error;
        const failure = error ?? new LinkError('closed', 'The connection to the server was closed');
        failWaiting(failure);
        exchange.fail(failure);
        handlers().onClosed(error);
      },
    },
  );

  const ask: Ask = (message, headers) =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      waiting.set(message.id, { resolve, reject });
      here()
        .send(message, { signal: options.signal, ...(headers === undefined ? {} : { headers }) })
        .catch((error: unknown) => {
          if (waiting.delete(message.id)) reject(error);
        });
    });

  const abort = (): void => failWaiting(options.signal.reason ?? new LinkError('closed', 'The start was given up'));
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    options.signal.throwIfAborted();
    const done = await handshake(ask, link, options);
    era = done.era;
    const opened = link;
    const made: Instance = {
      id: options.id,
      era,
      identity: done.identity,
      pid: opened.pid,
      startedAt: options.now(),
      client: options.client,
      lastUsedAt: options.now(),
      leases: 0,
      watchers: new Set(),
      handlers: options,
      request: (request) => exchange.request(request),
      notify: (method, params) => exchange.notify(method, params),
      inFlight: () => exchange.inFlight(),
      alive: () => alive,
      async close(close) {
        exchange.fail(new LinkError('closed', 'The server was stopped'));
        await opened.close(close);
      },
    };
    instance.current = made;
    return made;
  } catch (error) {
    await link.close({ graceMs: 2000 });
    throw ended ?? error;
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}
