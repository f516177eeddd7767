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

/** The text fields of a form; null where it is none. */
async function readForm(bytes: Buffer, header: string): Promise<Record<string, string> | null> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': header } }).formData();
    return Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return null;
  }
}

const isForm = (type: string): boolean =>
  type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data';

/**
 * Reads a request's JSON (or, where declared, form) body up to the limit. No body gives `undefined`, and so does
 * anything but a form where only a form is read.
 */
export async function readBody(
  request: Request,
  options: { limit: number; form?: 'also' | 'only' | undefined },
): Promise<BodyResult> {
  const tooLarge = () => fail('too_large', `The body is larger than ${readableSize(options.limit)}.`);
  if (Number(request.headers.get('content-length') ?? 0) > options.limit) return tooLarge();
  const bytes = await readBytes(request, options.limit);
  if (!bytes) return tooLarge();
  if (bytes.length === 0) return { ok: true, body: undefined };
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (options.form && isForm(type)) {
    const form = await readForm(bytes, request.headers.get('content-type') ?? '');
    return form ? { ok: true, body: form } : fail('malformed_json', 'The body is not a valid form.');
  }
  if (options.form === 'only') return { ok: true, body: undefined };
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
