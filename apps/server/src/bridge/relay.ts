import { createLinks, type Link, LinkError, paramHeaders, routingHeaders } from '@switchboard/mcp-runtime';
import type { JsonObject, JsonRpcMessage, JsonRpcRequest, JsonRpcResponse } from '@switchboard/mcp-runtime/types';

export interface RelayOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Hands one message to the client. */
  write(message: JsonRpcMessage): void;
  warn(text: string): void;
}

export interface Relay {
  /** Passes one message of the client on. */
  receive(message: JsonRpcMessage): void;
  close(): Promise<void>;
}

const versionKey = 'io.modelcontextprotocol/protocolVersion';
const messageLimit = 64 * 1024 * 1024;
const handshakeId = 'switchboard-bridge:initialize';

function isRequest(message: JsonRpcMessage): message is JsonRpcRequest {
  return 'method' in message && 'id' in message;
}
function isResponse(message: JsonRpcMessage): message is JsonRpcResponse {
  return !('method' in message);
}

function modernVersion(message: JsonRpcMessage): string | null {
  const meta = 'params' in message ? (message.params?.['_meta'] as JsonObject | undefined) : undefined;
  const version = meta?.[versionKey];
  return typeof version === 'string' ? version : null;
}

/** Input schemas of the tools that went by: a 2026 call repeats some arguments in headers. */
function createSchemas() {
  const schemas = new Map<string, unknown>();
  return {
    note(result: JsonObject | undefined) {
      for (const tool of Array.isArray(result?.['tools']) ? (result['tools'] as JsonObject[]) : []) {
        schemas.set(String(tool['name']), tool['inputSchema']);
      }
    },
    of: (name: unknown) => schemas.get(String(name)),
  };
}

/** Relays JSON-RPC messages of one client to a streamable HTTP endpoint and back, unchanged, in both protocol eras. */
export function createRelay(options: RelayOptions): Relay {
  const links = createLinks({ process: { path: '', home: '/' } });
  const schemas = createSchemas();
  const ending = new AbortController();
  const open = new Map<string | number, AbortController>();
  let handshake: JsonRpcRequest | null = null;
  let link: Promise<Link> | null = null;
  let current: Link | null = null;
  /** Messages wait for the answer to `initialize`: before it they would carry no session. */
  let greeted = Promise.withResolvers<void>();
  greeted.resolve();

  function fail(id: string | number, error: LinkError) {
    if (id === handshakeId) greeted.resolve();
    if (!open.delete(id)) return;
    if (id === handshake?.id) greeted.resolve();
    const hint = error.code === 'unauthorized' ? ' Give an API key with --key, or in SWITCHBOARD_KEY.' : '';
    options.write({ jsonrpc: '2.0', id, error: { code: -32000, message: `${error.message}${hint}` } });
  }

  function accept(message: JsonRpcMessage): void {
    if (isResponse(message)) {
      const isHandshake = message.id === handshake?.id || message.id === handshakeId;
      if (isHandshake && message.result) {
        const protocolVersion = String(message.result['protocolVersion']);
        current?.negotiated({ protocolVersion, listen: true });
      }
      if (isHandshake) greeted.resolve();
      if (message.id === handshakeId) return;
      if (message.id !== null) open.delete(message.id);
      schemas.note(message.result);
    }
    options.write(message);
  }

  function connect(): Promise<Link> {
    const launch = { kind: 'streamable-http', url: options.url, headers: options.headers, allowPrivate: true } as const;
    const context = { serverId: 'hub', instance: 'bridge', signal: ending.signal, messageLimit };
    return links.open(launch, context, {
      message: accept,
      malformed: ({ ids, reason }) => {
        options.warn(`A malformed message of the hub was dropped. ${reason}`);
        for (const id of ids) fail(id, new LinkError('protocol', `The answer is malformed. ${reason}`));
      },
      lost: fail,
      log: (level, _source, text) => level === 'error' && options.warn(text),
      closed: (error) => {
        link = null;
        current = null;
        greeted.resolve();
        if (error && !ending.signal.aborted) options.warn(`The connection ended: ${error.message}`);
      },
    });
  }

  /** The link; where the hub has forgotten the session, a new one with the client's own handshake. */
  async function linkFor(message: JsonRpcMessage): Promise<Link> {
    link ??= connect();
    const opened = await link;
    if (current === opened) return opened;
    current = opened;
    if (handshake && modernVersion(message) === null && message !== handshake) {
      greeted = Promise.withResolvers();
      await opened.send({ ...handshake, id: handshakeId });
      await greeted.promise;
      await opened.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    }
    return opened;
  }

  function headersOf(message: JsonRpcMessage): Record<string, string> {
    const version = modernVersion(message);
    if (version === null || !('method' in message)) return {};
    const headers = routingHeaders(version, message.method, message.params);
    if (message.method !== 'tools/call') return headers;
    const schema = schemas.of(message.params?.['name']);
    return { ...headers, ...paramHeaders(schema, message.params?.['arguments'] as JsonObject | undefined) };
  }

  async function pass(message: JsonRpcMessage, signal: AbortSignal): Promise<void> {
    if (message !== handshake) await greeted.promise;
    const to = await linkFor(message);
    await to.send(message, { headers: headersOf(message), signal });
  }

  return {
    receive(message) {
      if (isRequest(message) && message.method === 'initialize') {
        handshake = message;
        greeted = Promise.withResolvers();
      }
      const cancelled = 'method' in message && message.method === 'notifications/cancelled';
      const target = cancelled ? (message.params?.['requestId'] as string | number) : null;
      if (target !== null && handshake === null) {
        open.get(target)?.abort();
        open.delete(target);
        return;
      }
      const giveUp = new AbortController();
      if (isRequest(message)) open.set(message.id, giveUp);
      pass(message, giveUp.signal).catch((error: LinkError) => {
        if (isRequest(message)) fail(message.id, error);
        else options.warn(error.message);
      });
    },
    async close() {
      ending.abort();
      for (const request of open.values()) request.abort();
      const opened = await link?.catch(() => null);
      await opened?.close({ graceMs: 2000 });
      await links.close();
    },
  };
}
