import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const codings = {
  // Quality 9 takes a fifth of the time of 11 and gives files that are one to two per cent larger.
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
} as const;

/** A content coding of RFC 9110 that the hub applies to its own files. */
export type Coding = keyof typeof codings;

const order = ['br', 'gzip'] as const;

/** The smallest coding that an `Accept-Encoding` header allows; null where it allows none that the hub applies. */
export function codingOf(header: string | undefined): Coding | null {
  const weights = new Map<string, number>();
  for (const entry of (header ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return order.find((coding) => (weights.get(coding) ?? weights.get('*') ?? 0) > 0) ?? null;
}

/** A file as it was compressed; `version` changes with the file. */
interface CompressedFile {
  version: string;
  body: Promise<Buffer<ArrayBuffer>>;
}

/** One entry for each file of the page and the API reference and each coding: bounded by what is built. */
const kept = new Map<string, CompressedFile>();

/** The compressed content of a file. Each version of a file is compressed once and then kept in memory. */
export function compressedFile(file: string, version: string, coding: Coding): Promise<Buffer<ArrayBuffer>> {
  const key = `${coding} ${file}`;
  const known = kept.get(key);
  if (known?.version === version) return known.body;
  const body = readFile(file).then(codings[coding]);
  kept.set(key, { version, body });
  body.catch(() => kept.delete(key));
  return body;
}
