import type { IncomingMessage, ServerResponse } from 'node:http';
import { RpcError, toErrorObject } from '../../rpc.ts';
import type { JsonRpcId } from '../../types.ts';
import { restOfBody } from './rest-of-body.ts';

/** A refusal with the HTTP status it goes out with. */
export class HttpRefusal extends Error {
  override name = 'HttpRefusal';
  readonly status: number;
  readonly error: RpcError;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text of the id of the message that it answers, where that is known here. */
  readonly idText: string | null;
  constructor(
    status: number,
    code: number,
    message: string,
    options: { data?: unknown; headers?: Record<string, string>; idText?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.error = new RpcError(code, message, options.data);
    this.headers = options.headers ?? {};
    this.idText = options.idText ?? null;
  }
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

type Headers = Readonly<Record<string, string | number>>;

/** Set on the response one by one they would cost a call more than the rest of its answer. */
const common = Symbol('common headers');

type Answer = ServerResponse & { [common]?: Headers };

/** Headers to send with whatever the answer will be. */
export function setCommonHeaders(response: Answer, headers: Headers): void {
  response[common] = headers;
}

/** Writes the head from a flat list, which Node.js takes as it is. */
export function writeHead(response: Answer, status: number, headers: Headers): void {
  const flat: (string | number)[] = [];
  const given = response[common];
  if (given !== undefined) for (const name in given) if (!(name in headers)) flat.push(name, given[name] ?? '');
  for (const name in headers) flat.push(name, headers[name] ?? '');
  response.writeHead(status, flat as string[]);
}

interface Ready {
  response: ServerResponse;
  body: string;
  encoding: 'latin1' | 'utf8';
}

let ready: Ready[] = [];

/**
 * Ends an answer in the next turn of the event loop, together with all that are ready by then. Each write wakes a
 * client; between two answers that came together it would often take the processor away, and both lose more by that
 * than the call costs them.
 */
function endSoon(response: ServerResponse, body: string, encoding: Ready['encoding']): void {
  if (ready.length === 0) setImmediate(setImmediate, endReady);
  ready.push({ response, body, encoding });
}

function endReady(): void {
  const now = ready;
  ready = [];
  for (const { response, body, encoding } of now) response.end(body, encoding);
}

/** Counting and copying as many takes some milliseconds. */
const largeCharacters = 4 * 1024 * 1024;

export function sendJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  // Between reading so much and sending it, others get a turn of the event loop.
  if (json.length > largeCharacters) setImmediate(sendNow, response, status, json, headers);
  else sendNow(response, status, json, headers);
}

function sendNow(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = Buffer.byteLength(json);
  // As many bytes as characters: ASCII, which needs no encoding.
  const encoding = length === json.length ? 'latin1' : 'utf8';
  writeHead(response, status, { 'content-type': 'application/json', 'content-length': length, ...headers });
  if (headers['connection'] === 'close') {
    response.write(json, encoding);
    void restOfBody(response.req).then(() => response.end());
    return;
  }
  endSoon(response, json, encoding);
}

export function sendAccepted(response: ServerResponse): void {
  writeHead(response, 202, { 'content-length': 0 });
  response.end();
}

export function sendError(
  response: ServerResponse,
  status: number,
  id: JsonRpcId | null,
  error: unknown,
  headers?: Readonly<Record<string, string>>,
): void {
  sendJson(response, status, errorText(JSON.stringify(id), error), headers);
}

/** JSON of the error that answers a request; `idText`: its id as JSON. */
export function errorText(idText: string, error: unknown): string {
  return `{"jsonrpc":"2.0","id":${idText},"error":${JSON.stringify(toErrorObject(error))}}`;
}

/** Sends a refusal; `id`: that of the request it answers, where the refusal has none of its own. */
export function sendRefusal(response: ServerResponse, id: JsonRpcId | null, refusal: HttpRefusal): void {
  const { status, error, headers, idText } = refusal;
  sendJson(response, status, errorText(idText ?? JSON.stringify(id), error), headers);
}

type MediaType = 'application/json' | 'text/event-stream';

function takes(accept: string, type: MediaType): boolean {
  return accept.split(',').some((part) => {
    const media = part.split(';')[0]?.trim().toLowerCase();
    return media === type || media === '*/*' || media === `${type.split('/')[0]}/*`;
  });
}

/** The parsed Accept headers: clients send few different ones. */
const seen = new Map<string, Record<MediaType, boolean>>();
const mostSeen = 100;
const longestSeen = 500;

/** Whether the client takes this media type (no Accept header, or a wildcard, takes everything). */
export function accepts(request: IncomingMessage, type: MediaType): boolean {
  const accept = header(request, 'accept');
  if (accept === undefined || accept === '') return true;
  const known = seen.get(accept);
  if (known !== undefined) return known[type];
  const taken = {
    'application/json': takes(accept, 'application/json'),
    'text/event-stream': takes(accept, 'text/event-stream'),
  };
  if (seen.size >= mostSeen) seen.clear();
  if (accept.length <= longestSeen) seen.set(accept, taken);
  return taken[type];
}
