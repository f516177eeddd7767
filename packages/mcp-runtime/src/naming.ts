import { createHash } from 'node:crypto';

/** No exposed name is longer. */
export const longestExposed = 64;
const kept = 55;

/**
 * A name that fits: at most 64 characters of `A-Za-z0-9_-`. Any other is sanitised, cut and marked with a hash of its
 * key, so the name depends on no other registration.
 */
export function fittingName(plain: string, key: unknown): string {
  if (plain.length <= longestExposed && /^[A-Za-z0-9_-]+$/.test(plain)) return plain;
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 8);
  return `${plain.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, kept)}_${hash}`;
}

/** The name of a server's tool or prompt at an aggregated endpoint: `slug__name`, made to fit. */
export function exposedName(slug: string, name: string): string {
  return fittingName(`${slug}__${name}`, [slug, name]);
}
