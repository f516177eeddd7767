import type { Problem } from '@switchboard/api/dialects';

export type BodyResult = { ok: true; body: unknown } | { ok: false; problem: Problem };

const fail = (code: Problem['code'], message: string): BodyResult => ({ ok: false, problem: { code, message } });

async function readBytes(request: Request, limit: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const readableSize = (bytes: number): string =>
  bytes >= 1024 ** 2 ? `${Math.floor(bytes / 1024 ** 2)} MB` : `${bytes} bytes`;

/** The same request with its body read up to the limit; null where it is larger. */
export async function limitBody(request: Request, limit: number): Promise<Request | null> {
  if (request.method === 'GET' || request.method === 'HEAD') return request;
  if (Number(request.headers.get('content-length') ?? 0) > limit) return null;
  const bytes = await readBytes(request, limit);
  if (!bytes) return null;
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: new Uint8Array(bytes) });
}

/** Reads a request's JSON (or, where declared, form) body up to the limit. No body gives `undefined`. */
export async function readBody(request: Request, options: { limit: number; form: boolean }): Promise<BodyResult> {
  const tooLarge = () => fail('too_large', `The body is larger than ${readableSize(options.limit)}.`);
  if (Number(request.headers.get('content-length') ?? 0) > options.limit) return tooLarge();
  const bytes = await readBytes(request, options.limit);
  if (!bytes) return tooLarge();
  if (bytes.length === 0) return { ok: true, body: undefined };
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (options.form && type === 'application/x-www-form-urlencoded') {
    return { ok: true, body: Object.fromEntries(new URLSearchParams(bytes.toString('utf8'))) };
  }
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) {
    return fail(
      'unsupported_media',
      `The body must be sent as application/json, not ${type || 'without a content type'}.`,
    );
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { ok: true, body: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    return fail('malformed_json', `The body is not valid JSON: ${why}`);
  }
}
