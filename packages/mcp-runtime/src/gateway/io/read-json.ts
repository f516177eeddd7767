import type { IncomingMessage } from 'node:http';
import { contentCodings, inflate, readCodings, whyNotUtf8, type InflateFault } from '../../codings.ts';
import { excessOf } from '../../nesting.ts';
import { ErrorCode } from '../../rpc.ts';
import type { HttpContext } from '../../types.ts';
import { markInexactIds } from '../calls/inexact-ids.ts';
import { header, HttpRefusal } from './http-io.ts';

function tooLarge(limit: number): HttpRefusal {
  return new HttpRefusal(413, ErrorCode.server, `Payload Too Large: a message may have at most ${limit} bytes`, {
    headers: { connection: 'close' },
  });
}

function tooMany(): HttpRefusal {
  return new HttpRefusal(
    429,
    ErrorCode.server,
    'Too Many Requests: too many bodies of yours are on their way at once',
    {
      headers: { 'retry-after': '1', connection: 'close' },
    },
  );
}

type Bounds = Pick<HttpContext, 'bodyLimit' | 'openBody'>;
type Bytes = Buffer<ArrayBuffer>;

/** Collects a body by events: an async iterator would cost a call more than its parsing does. */
function readBody(request: IncomingMessage, { bodyLimit: limit, openBody }: Bounds): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const announced = Number(header(request, 'content-length') ?? NaN);
    if (announced > limit) return reject(tooLarge(limit));
    const chunks: Bytes[] = [];
    let size = 0;
    let refused = false;
    let meter: ReturnType<NonNullable<typeof openBody>> | undefined;
    function refuse(refusal: HttpRefusal) {
      refused = true;
      chunks.length = 0;
      reject(refusal);
    }
    request.on('data', (chunk: Bytes) => {
      size += chunk.length;
      // The refusal has to reach the client, so the rest is read and dropped.
      if (refused) return;
      if (size > limit) return refuse(tooLarge(limit));
      chunks.push(chunk);
      // Nearly every body is whole in its first piece, and held no longer than it takes to parse it.
      if (size === announced) return;
      meter ??= openBody?.(() => refuse(tooMany()));
      meter?.add(chunk.length);
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
    // An aborted request closes too, and Node.js emits its errors only where a listener exists.
    request.on('close', () => {
      meter?.close();
      // Every request closes in the end, and an error is dear to make.
      if (request.readableEnded) return;
      reject(new HttpRefusal(400, ErrorCode.parse, 'Parse error: the body ended too early'));
    });
  });
}

function unsupported(message: string, headers: Record<string, string> = {}): HttpRefusal {
  return new HttpRefusal(415, ErrorCode.server, `Unsupported Media Type: ${message}`, { headers });
}

/** Reads a POST body as JSON; rejects with HttpRefusal for what is not JSON, too large or of another type. */
export function readJson(request: IncomingMessage, bounds: Bounds): Promise<unknown> {
  const type = header(request, 'content-type') ?? '';
  const isJson = type === 'application/json' || /^application\/json\s*(?:;|$)/i.test(type);
  if (!isJson) return Promise.reject(unsupported('send the message as Content-Type: application/json'));
  const coding = header(request, 'content-encoding');
  return coding === undefined ? readBody(request, bounds).then(parse) : readCoded(request, coding, bounds).then(parse);
}

const faults: Record<InflateFault, (limit: number) => HttpRefusal> = {
  too_large: tooLarge,
  cut: tooMany,
  broken: () =>
    new HttpRefusal(400, ErrorCode.parse, 'Parse error: the body is not what its Content-Encoding says, or cut short'),
};

async function readCoded(request: IncomingMessage, header: string, bounds: Bounds): Promise<Bytes> {
  const read = readCodings(header);
  if (!read.ok) throw unsupported(read.message, { 'accept-encoding': contentCodings.join(', ') });
  const bytes = await readBody(request, bounds);
  let isCut = false;
  const meter = bounds.openBody?.(() => (isCut = true));
  function add(count: number): boolean {
    meter?.add(count);
    return !isCut;
  }
  try {
    const inflated = await inflate(bytes, read.codings, { limitBytes: bounds.bodyLimit, add });
    if (!inflated.ok) throw faults[inflated.why](bounds.bodyLimit);
    return inflated.bytes;
  } finally {
    meter?.close();
  }
}

const byteOrderMark = 0xfeff;

function parse(body: Bytes): unknown {
  const whole = body.toString('utf8');
  const text = whole.charCodeAt(0) === byteOrderMark ? whole.slice(1) : whole;
  const excess = excessOf(text);
  if (excess !== null) {
    const what = `the message ${excess}`;
    throw new HttpRefusal(400, ErrorCode.invalidRequest, `Invalid Request: ${what}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const why = whyNotUtf8(body);
    const detail = why === null ? '' : `: ${why}`;
    throw new HttpRefusal(400, ErrorCode.parse, `Parse error: the body is not valid JSON${detail}`);
  }
  markInexactIds(value, text);
  return value;
}
