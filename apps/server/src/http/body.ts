import type { Problem } from '@switchboard/api/dialects';
import {
  type Coding,
  CODINGS,
  excessOf,
  inflate,
  type InflateFault,
  readCodings,
  whyNotUtf8,
} from '@switchboard/mcp-runtime';
import type { BodyMeters } from './body-meters.ts';

interface RefusedBody {
  ok: false;
  problem: Problem;
  /** Some of the body is not read. */
  isUnread?: true;
}

export type BodyResult = { ok: true; body: unknown } | RefusedBody;

function fail(code: Problem['code'], message: string): RefusedBody {
  return { ok: false, problem: { code, message } };
}

/** How much of a body is read, and for whom it counts while it is. */
export interface BodyBounds {
  limitBytes: number;
  /** How long it may take to arrive. */
  timeoutMs: number;
  caller: string;
  meters: BodyMeters;
}

/**
 * The bounds of a JSON body's structure. A validator checks each value, and reports each wrong one; bodies of people
 * have some thousands.
 */
const jsonBounds = { depth: 128, values: 100_000 };
/** Forms are for signing in. Reading one takes the process a tenth of a second a megabyte, at once. */
const mostFormBytes = 256 * 1024;
const mostFields = 1000;

function readableSize(bytes: number): string {
  return bytes >= 1024 ** 2 ? `${Math.floor(bytes / 1024 ** 2)} MB` : `${bytes} bytes`;
}

const problems = {
  too_large: ({ limitBytes }: BodyBounds): Problem => ({
    code: 'too_large',
    message: `The body is larger than ${readableSize(limitBytes)}.`,
  }),
  too_many: (): Problem => ({
    code: 'rate_limited',
    message: 'Too many bodies of yours are on their way at once. Send one after the other.',
    details: { retryAfterSeconds: 1 },
  }),
  too_slow: ({ timeoutMs }: BodyBounds): Problem => ({
    code: 'malformed_json',
    message: `The body is not complete: it has to arrive within ${timeoutMs / 1000} seconds.`,
  }),
};

/** Reads on and drops what comes, so that the refusal arrives; over with the connection. */
async function drop(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<void> {
  while (!((await reader?.read())?.done ?? true));
}

type Bytes = { ok: true; bytes: Buffer<ArrayBuffer> } | RefusedBody;

function codingRefused(message: string): RefusedBody {
  return {
    ok: false,
    problem: { code: 'unsupported_coding', message, details: { codings: CODINGS.join(', ') } },
  };
}

/** The bytes of a body, without its content codings. */
async function readBytes(request: Request, bounds: BodyBounds): Promise<Bytes> {
  const read = readCodings(request.headers.get('content-encoding'));
  if (!read.ok) return codingRefused(read.message);
  const coded = await readCoded(request, bounds);
  return coded.ok && read.codings.length > 0 ? inflated(coded.bytes, read.codings, bounds) : coded;
}

async function readCoded(request: Request, bounds: BodyBounds): Promise<Bytes> {
  function refuse(why: keyof typeof problems): Bytes {
    return { ok: false, problem: problems[why](bounds), isUnread: true };
  }
  if (Number(request.headers.get('content-length') ?? 0) > bounds.limitBytes) return refuse('too_large');
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let refusal: keyof typeof problems | null = null;
  const { promise: stopped, resolve: stopReading } = Promise.withResolvers<null>();
  function stop(why: keyof typeof problems) {
    refusal ??= why;
    chunks.length = 0;
    stopReading(null);
  }
  const meter = bounds.meters.open(bounds.caller, () => stop('too_many'));
  const timer = setTimeout(() => stop('too_slow'), bounds.timeoutMs);
  try {
    for (;;) {
      const read = reader === undefined ? null : await Promise.race([reader.read(), stopped]);
      if (refusal !== null) {
        drop(reader).catch(() => undefined);
        return refuse(refusal);
      }
      if (read === null || read.done) return { ok: true, bytes: Buffer.concat(chunks) };
      size += read.value.byteLength;
      if (size > bounds.limitBytes) stop('too_large');
      else chunks.push(read.value);
      meter.add(read.value.byteLength);
    }
  } finally {
    clearTimeout(timer);
    meter.close();
  }
}

const inflateFaults: Record<InflateFault, (bounds: BodyBounds) => Problem> = {
  too_large: problems.too_large,
  cut: problems.too_many,
  broken: () => ({
    code: 'malformed_json',
    message: 'The body is not what its Content-Encoding says, or is cut short.',
  }),
};

async function inflated(bytes: Buffer<ArrayBuffer>, codings: readonly Coding[], bounds: BodyBounds): Promise<Bytes> {
  let isCut = false;
  const meter = bounds.meters.open(bounds.caller, () => (isCut = true));
  function add(count: number): boolean {
    meter.add(count);
    return !isCut;
  }
  try {
    const result = await inflate(bytes, codings, { limitBytes: bounds.limitBytes, add });
    return result.ok ? result : { ok: false, problem: inflateFaults[result.why](bounds) };
  } finally {
    meter.close();
  }
}

/** The content type of a body without its parameters, in lower case; empty where it has none. */
function typeOf(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function isJson(type: string): boolean {
  return type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type);
}

function notJson(type: string): RefusedBody {
  return fail(
    'unsupported_media',
    `The body must be sent as application/json, ${type ? `not ${type}` : 'and has no Content-Type'}.`,
  );
}

/** The problem of a JSON body's structure; found before it is parsed. */
function excessProblem(text: string): Problem | null {
  const excess = excessOf(text, jsonBounds);
  return excess === null ? null : { code: 'malformed_json', message: `The body ${excess}.` };
}

/** The same request with its JSON body read within the bounds, or what is wrong with it. */
export async function limitBody(
  request: Request,
  bounds: BodyBounds,
): Promise<{ ok: true; request: Request } | RefusedBody> {
  if (request.method === 'GET' || request.method === 'HEAD') return { ok: true, request };
  const type = typeOf(request);
  // tRPC refuses a body without a type itself, and would read any form.
  if (type !== '' && !isJson(type)) return notJson(type);
  const read = await readBytes(request, bounds);
  if (!read.ok) return read;
  const problem = excessProblem(read.bytes.toString('utf8'));
  if (problem !== null) return { ok: false, problem };
  const { url, method, signal } = request;
  const headers = new Headers(request.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return { ok: true, request: new Request(url, { method, headers, signal, body: read.bytes }) };
}

/** As many digits as the smallest integer has that a number of JavaScript may not keep. */
const longNumber = /\d{16}/;
const wholeNumber = /^-?\d+$/;

/**
 * Whether parsing changed an integer. Integers with more digits than any id are not parsed twice, because that takes
 * time.
 */
function isChanged(source: string, value: number): boolean {
  return (
    !Number.isSafeInteger(value) && wholeNumber.test(source) && (source.length > 40 || BigInt(source) !== BigInt(value))
  );
}

/** The place of the first integer that parsing would change; null for none. */
function changedNumberAt(text: string): (string | number)[] | null {
  const changed = Symbol('changed');
  function revive(_key: string, value: unknown, { source = '' }: { source?: string } = {}): unknown {
    return typeof value === 'number' && isChanged(source, value) ? changed : value;
  }
  const read: unknown = JSON.parse(text, revive);
  function find(value: unknown): (string | number)[] | null {
    if (value === changed) return [];
    if (typeof value !== 'object' || value === null) return null;
    for (const [key, entry] of Object.entries(value)) {
      const rest = find(entry);
      if (rest) return [Array.isArray(value) ? Number(key) : key, ...rest];
    }
    return null;
  }
  return find(read);
}

/** An id that loses its last digits on the way to a tool names something else: it is refused at its field. */
function changedNumberProblem(text: string): Problem | null {
  const path = longNumber.test(text) ? changedNumberAt(text) : null;
  if (path === null) return null;
  const message = 'is an integer beyond 53 bits, whose last digits would be lost: send it as a text';
  const issue = { in: 'body' as const, path, message, code: 'too_big', about: 'int', missing: false };
  return { code: 'invalid', message: 'The request is not valid.', issues: [issue] };
}

/** Whether a form has too many fields, by its separators. */
function hasManyFields(bytes: Buffer, header: string): boolean {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(header);
  const separator = boundary ? `--${boundary[1] ?? boundary[2]}` : '&';
  let fields = 0;
  for (let at = bytes.indexOf(separator); at !== -1; at = bytes.indexOf(separator, at + separator.length)) {
    fields += 1;
    if (fields > mostFields) return true;
  }
  return false;
}

/** The text fields of a form; null where it is none. */
async function readForm(bytes: Buffer<ArrayBuffer>, header: string): Promise<Record<string, string> | null> {
  try {
    const form = await new Response(bytes, { headers: { 'content-type': header } }).formData();
    return Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return null;
  }
}

function isForm(type: string): boolean {
  return type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data';
}

/**
 * Reads a request's JSON (or, where declared, form) body within the bounds. No body gives `undefined`.
 */
export async function readBody(
  request: Request,
  options: { bounds: BodyBounds; form?: 'also' | 'only' | undefined },
): Promise<BodyResult> {
  const { bounds, form } = options;
  const limitBytes = form === 'only' ? Math.min(bounds.limitBytes, mostFormBytes) : bounds.limitBytes;
  const read = await readBytes(request, { ...bounds, limitBytes });
  if (!read.ok) return read;
  const { bytes } = read;
  if (bytes.length === 0) return { ok: true, body: undefined };
  const type = typeOf(request);
  if (form && isForm(type)) {
    const header = request.headers.get('content-type') ?? '';
    if (hasManyFields(bytes, header)) return fail('malformed_json', `The form has more than ${mostFields} fields.`);
    const fields = await readForm(bytes, header);
    return fields ? { ok: true, body: fields } : fail('malformed_json', 'The body is not a valid form.');
  }
  if (form === 'only') {
    const given = type === '' ? 'and has no Content-Type' : `not ${type}`;
    return fail('unsupported_media', `The body must be a form (application/x-www-form-urlencoded), ${given}.`);
  }
  if (!isJson(type)) return notJson(type);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const problem = excessProblem(text) ?? changedNumberProblem(text);
    return problem === null ? { ok: true, body: JSON.parse(text) } : { ok: false, problem };
  } catch (error) {
    const why = whyNotUtf8(bytes) ?? (error instanceof SyntaxError ? error.message : 'it is not UTF-8');
    return fail('malformed_json', `The body is not valid JSON: ${why}`);
  }
}
