import { createHash } from 'node:crypto';

/** No exposed name is longer. */
export const longestExposed = 64;
const kept = 55;

/**
 * The name of a server's tool or prompt at an aggregated endpoint: `slug__name`, at most 64 characters of
 * `A-Za-z0-9_-`. A name that does not fit is sanitised, cut and marked with a hash of (slug, name), so it
 * depends on nothing else that is registered (design: Names).
 */
export function exposedName(slug: string, name: string): string {
  const plain = `${slug}__${name}`;
  if (plain.length <= longestExposed && /^[A-Za-z0-9_-]+$/.test(plain)) return plain;
  const hash = createHash('sha256')
    .update(JSON.stringify([slug, name]))
    .digest('hex')
    .slice(0, 8);
  return `${plain.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, kept)}_${hash}`;
}
