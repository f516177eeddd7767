import type { IncomingMessage, ServerResponse } from 'node:http';

import { ErrorCode, RpcError, toErrorObject } from '../rpc.ts';
import type { JsonRpcId } from '../types.ts';

/** A refusal with the HTTP status it goes out with. */
export class HttpRefusal extends Error {
  override name = 'HttpRefusal';
  readonly status: number;
  readonly error: RpcError;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: number,
    message: string,
    options: { data?: unknown; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.error = new RpcError(code, message, options.data);
    this.headers = options.headers ?? {};
  }
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Reads a POST body as JSON; throws HttpRefusal for what is not JSON, too large or of another type. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = header(request, 'content-type') ?? '';
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new HttpRefusal(
      415,
      ErrorCode.server,
      'Unsupported Media Type: send the message as Content-Type: application/json',
    );
  }
  const declared = Number(header(request, 'content-length') ?? 0);
  const tooLarge = (): HttpRefusal =>
    new HttpRefusal(413, ErrorCode.server, `Payload Too Large: a message may have at most ${limit} bytes`, {
      headers: { connection: 'close' },
    });
  if (declared > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // The refusal of too large a body has to reach the client, so the request outlives this loop.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpRefusal(400, ErrorCode.parse, 'Parse error: the body is not valid JSON');
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
    ...headers,
  });
  response.end(json);
}

export function sendAccepted(response: ServerResponse): void {
  response.writeHead(202, { 'content-length': 0 });
  response.end();
}

export function sendError(
  response: ServerResponse,
  status: number,
  id: JsonRpcId | null,
  error: unknown,
  headers?: Readonly<Record<string, string>>,
): void {
  sendJson(response, status, JSON.stringify({ jsonrpc: '2.0', id, error: toErrorObject(error) }), headers);
}

/** Whether the client takes this media type (no Accept header, or a wildcard, takes everything). */
export function accepts(request: IncomingMessage, type: 'application/json' | 'text/event-stream'): boolean {
  const accept = header(request, 'accept');
  if (accept === undefined || accept === '') return true;
  return accept.split(',').some((part) => {
    const media = part.split(';')[0]?.trim().toLowerCase();
    return media === type || media === '*/*' || media === `${type.split('/')[0]}/*`;
  });
}
