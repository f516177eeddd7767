import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

/** Content codings of RFC 9110 that bodies of requests may have, with those of RFC 8478 (zstd) and 7932 (br). */
export const contentCodings = ['gzip', 'deflate', 'br', 'zstd'] as const;
export type Coding = (typeof contentCodings)[number];

/** Each coding costs a pass over the body, and none is smaller for having three. */
const mostCodings = 2;

function isCoding(name: string): name is Coding {
  return contentCodings.some((coding) => coding === name);
}

export type ReadCodings = { ok: true; codings: Coding[] } | { ok: false; message: string };

/** The codings that a Content-Encoding header names, in the order in which they were applied; without one there are none. */
export function readCodings(header: string | null | undefined): ReadCodings {
  if (header === undefined || header === null || header === '') return { ok: true, codings: [] };
  const names = header
    .slice(0, 200)
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^x-gzip$/, 'gzip'))
    .filter((name) => name !== '' && name !== 'identity');
  const known = names.filter(isCoding);
  const unknown = names.find((name) => !isCoding(name));
  const right = `use ${contentCodings.join(', ')}, or none`;
  if (unknown !== undefined)
    return { ok: false, message: `The content coding "${unknown.slice(0, 40)}" is not supported: ${right}.` };
  if (known.length > mostCodings) return { ok: false, message: `A body may have ${mostCodings} content codings.` };
  return { ok: true, codings: known };
}

/** A body with the coding "deflate" has the header of RFC 1950, which some clients leave out. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function decoderOf(coding: Coding, bytes: Uint8Array): Transform {
  switch (coding) {
    case 'gzip':
      return createGunzip();
    case 'deflate':
      return hasZlibHeader(bytes) ? createInflate() : createInflateRaw();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      // A window of 8 MB is what RFC 9659 allows on the web; a frame may ask for far more memory.
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 23 } });
  }
}

/** The reason why a body could not be inflated: too large, cut short by its meter, or not in its coding. */
export type InflateFault = 'too_large' | 'cut' | 'broken';

export type Inflated = { ok: true; bytes: Buffer<ArrayBuffer> } | { ok: false; why: InflateFault };

/** The bounds of inflating: `add` counts bytes as they arrive, and returns false where it has to stop. */
export interface InflateBounds {
  limitBytes: number;
  add(bytes: number): boolean;
}

function inflateOnce(bytes: Uint8Array, coding: Coding, { limitBytes, add }: InflateBounds): Promise<Inflated> {
  return new Promise((resolve) => {
    const decoder = decoderOf(coding, bytes);
    const chunks: Buffer[] = [];
    let size = 0;
    function stop(why: InflateFault): void {
      chunks.length = 0;
      decoder.destroy();
      resolve({ ok: false, why });
    }
    decoder.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) return stop('too_large');
      chunks.push(chunk);
      if (!add(chunk.length)) stop('cut');
    });
    decoder.on('error', () => stop('broken'));
    decoder.on('end', () => resolve({ ok: true, bytes: Buffer.concat(chunks) }));
    decoder.end(bytes);
  });
}

/** Undoes the codings of a body, the last one first. No step gives more than the limit, or holds more. */
export async function inflate(
  bytes: Buffer<ArrayBuffer>,
  codings: readonly Coding[],
  bounds: InflateBounds,
): Promise<Inflated> {
  let inflated: Inflated = { ok: true, bytes };
  for (const coding of codings.toReversed()) {
    if (!inflated.ok) break;
    inflated = await inflateOnce(inflated.bytes, coding, bounds);
  }
  return inflated;
}

/** The encoding of a body that is no UTF-8 and no JSON, as the end of a sentence; null where it is unknown. */
export function whyNotUtf8(bytes: Uint8Array): string | null {
  const [first = 1, second = 1] = bytes;
  const mark = first * 256 + second;
  const isUtf16 = mark === 0xfffe || mark === 0xfeff || ((first === 0) !== (second === 0) && bytes.length % 2 === 0);
  return isUtf16 ? 'it is UTF-16, and has to be UTF-8' : null;
}
