import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { codingOf, compressedFile } from './compressed.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** For the hub's own pages: nothing from elsewhere, no inline script. Styles may be set by scripts. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
};

/** Types that are compressed already, or too seldom asked for. */
const stored = new Set(['.png', '.woff2', '.ico', '.map']);
/** Below this a compressed file is not worth its headers. */
const leastCompressedBytes = 1024;

/** Serves a file below `root`, compressed as the client accepts; null where there is none. Hashed names may be kept for ever. */
export async function serveFile(
  root: string,
  name: string,
  options: { immutable?: boolean; acceptEncoding?: string | undefined } = {},
): Promise<Response | null> {
  const file = path.resolve(root, `.${path.posix.normalize(`/${name}`)}`);
  if (!file.startsWith(root + path.sep)) return null;
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) return null;
  const extension = path.extname(file);
  const headers: Record<string, string> = {
    ...pageHeaders,
    'content-type': types[extension] ?? 'application/octet-stream',
    'cache-control': options.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (found.size >= leastCompressedBytes && !stored.has(extension)) {
    headers['vary'] = 'accept-encoding';
    const coding = codingOf(options.acceptEncoding);
    if (coding !== null) {
      const body = await compressedFile(file, `${found.mtimeMs} ${found.size}`, coding);
      return new Response(body, {
        headers: { ...headers, 'content-encoding': coding, 'content-length': String(body.length) },
      });
    }
  }
  headers['content-length'] = String(found.size);
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, { headers });
}
