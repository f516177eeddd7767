import type { Json } from './script-types.ts';

/** MCP over HTTP by hand, for what no SDK would send. */

export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON-RPC messages of the answer, whether a JSON body or an event stream. */
  messages: Json[];
}

export interface RawOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export function parseMessages(contentType: string, body: string): Json[] {
  if (contentType.includes('text/event-stream')) {
    const events = body.split(/\r?\n\r?\n/).map((event) =>
      event
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n'),
    );
    return events.filter((data) => data !== '').map((data) => JSON.parse(data) as Json);
  }
  if (body === '' || !contentType.includes('json')) return [];
  const parsed = JSON.parse(body) as Json | Json[];
  return Array.isArray(parsed) ? parsed : [parsed];
}

/** Posts a body as it is and reads the whole answer. */
export async function post(url: string, body: unknown, options: RawOptions = {}): Promise<RawAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...options.headers,
    },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    ...(options.signal && { signal: options.signal }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, headers: response.headers, text, messages: parseMessages(type, text) };
}

export interface RawSession {
  id: string | null;
  protocolVersion: string;
  result: Json;
  send(message: Json, options?: RawOptions): Promise<RawAnswer>;
  request(method: string, params?: Json, options?: RawOptions): Promise<Json>;
  end(): Promise<number>;
}

/** Opens a 2025 session with the revision asked for. */
export async function openSession(
  url: string,
  options: RawOptions & { protocolVersion?: string; capabilities?: Json } = {},
): Promise<RawSession> {
  const asked = options.protocolVersion ?? '2025-11-25';
  const base = options.headers ?? {};
  const hello = await post(
    url,
    {
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: {
        protocolVersion: asked,
        capabilities: options.capabilities ?? {},
        clientInfo: { name: 'raw', version: '1' },
      },
    },
    { headers: base },
  );
  const result = hello.messages.find((message) => message['id'] === 0)?.['result'] as Json | undefined;
  if (result === undefined) throw new Error(`initialize failed: HTTP ${hello.status} ${hello.text.slice(0, 300)}`);
  const id = hello.headers.get('mcp-session-id');
  const protocolVersion = String(result['protocolVersion']);
  const headers: Record<string, string> = {
    ...base,
    ...(id !== null && { 'mcp-session-id': id }),
    ...(protocolVersion >= '2025-06-18' && { 'mcp-protocol-version': protocolVersion }),
  };
  const send: RawSession['send'] = (message, extra = {}) =>
    post(url, message, { ...extra, headers: { ...headers, ...extra.headers } });
  await send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  let next = 1;
  return {
    id,
    protocolVersion,
    result,
    send,
    request: async (method, params = {}, extra = {}) => {
      const requestId = next++;
      const answer = await send({ jsonrpc: '2.0', id: requestId, method, params }, extra);
      const reply = answer.messages.find((message) => message['id'] === requestId);
      if (reply === undefined) throw new Error(`no reply: HTTP ${answer.status} ${answer.text.slice(0, 300)}`);
      return reply;
    },
    end: async () => (await fetch(url, { method: 'DELETE', headers })).status,
  };
}

export const modern = '2026-07-28';

/** A 2026 request body with its envelope. */
export function modernRequest(id: number | string, method: string, params: Json = {}, capabilities: Json = {}): Json {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': modern,
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
    ...(params['_meta'] as Json | undefined),
  };
  return { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
}

/** The headers that route a 2026 request. */
export function modernHeaders(body: Json): Record<string, string> {
  const params = body['params'] as Json;
  const name = params['name'] ?? params['uri'];
  return {
    'mcp-protocol-version': modern,
    'mcp-method': String(body['method']),
    ...(typeof name === 'string' && { 'mcp-name': name }),
  };
}

/** One 2026 exchange. */
export async function modernExchange(
  url: string,
  method: string,
  params: Json = {},
  options: RawOptions & { capabilities?: Json } = {},
): Promise<RawAnswer & { reply: Json }> {
  const body = modernRequest(1, method, params, options.capabilities);
  const answer = await post(url, body, { ...options, headers: { ...modernHeaders(body), ...options.headers } });
  const reply = answer.messages.find((message) => message['id'] === 1);
  if (reply === undefined) throw new Error(`no reply: HTTP ${answer.status} ${answer.text.slice(0, 300)}`);
  return { ...answer, reply };
}
