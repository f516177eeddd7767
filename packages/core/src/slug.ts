import { createHash, randomBytes } from 'node:crypto';
import { atField, DomainError } from './errors.ts';
import { say } from './reasons.ts';
import { isReserved } from './reserved-names.ts';
import { slugPattern } from './servers/schema.ts';

export { slugPattern };
const maxLength = 32;

export function isSlug(text: string): boolean {
  return slugPattern.test(text);
}

/** The slug of a free name; empty where none of it can be used in a URL. */
export function slugify(name: string): string {
  if (isSlug(name)) return name;
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/_{2,}/g, '_')
    .replace(/-{2,}/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, maxLength)
    .replace(/(?<![-_])[-_]+$/, '');
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `server-` + 6 random base32 characters, for names of which no slug remains. */
export function randomSlug(prefix = 'server'): string {
  return suffixed(prefix, randomBytes(suffixLength));
}

export function slugFor(name: string): string {
  return slugify(name) || randomSlug();
}

/** A slug with six characters that follow from a text: the same text always gets the same. */
export function hashedSlug(text: string, prefix = 'server'): string {
  return suffixed(prefix, createHash('sha256').update(text).digest());
}

/** Whether a name has letters or digits that its slug cannot say, so that other names may get the same slug. */
export function losesLetters(name: string): boolean {
  return /[\p{Letter}\p{Number}\p{Symbol}]/u.test(
    name
      .normalize('NFKD')
      .replace(/\p{Mark}/gu, '')
      .replace(/[ -~]/g, ''),
  );
}

const suffixLength = 6;

function suffixed(prefix: string, bytes: Uint8Array): string {
  const suffix = [...bytes.subarray(0, suffixLength)].map((byte) => base32[byte % 32]).join('');
  return `${prefix.slice(0, maxLength - suffixLength - 1).replace(/(?<![-_])[-_]+$/, '')}-${suffix}`;
}

/** Refuses ids that would collide with the hub's own paths. */
export function assertNotReserved(slug: string): void {
  if (!isReserved(slug)) return;
  const why = say('reservedWord', { id: slug });
  throw new DomainError('invalid', say('sentence', { reason: why }), { ...atField('name', why), value: slug });
}
