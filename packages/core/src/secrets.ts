import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { DomainError } from './errors.ts';
import { say } from './reasons.ts';

/** Binds a sealed value to its place: moved elsewhere it does not open. */
export interface SecretPlace {
  table: string;
  row: string;
  column: string;
}

export interface Secrets {
  /** AES-256-GCM; the result is text: `v1.` + base64url. */
  seal(place: SecretPlace, plain: string): string;
  open(place: SecretPlace, sealed: string): string;
  /** Tells whether a value of this place is another one, without giving it away. */
  mark(place: SecretPlace, plain: string): string;
  /** Key of access tokens. */
  readonly tokenKey: Uint8Array;
  /** What the authorization server signs its cookies with, and what it would sign tokens with. */
  readonly oauthKeys: { cookies: Uint8Array; signing: Uint8Array };
  /** Tells keys apart without giving them away. */
  readonly fingerprint: string;
}

const version = 'v1.';

/** Derives one key per purpose from the hub's 32-byte key. */
export function createSecrets(masterKey: Uint8Array): Secrets {
  if (masterKey.length !== 32) {
    throw new DomainError('precondition', say('secretKeyLength', { length: masterKey.length }));
  }
  function derive(purpose: string) {
    return new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), `switchboard:${purpose}`, 32));
  }
  const columnKey = derive('columns');
  const markKey = derive('marks');
  return {
    mark: (place, plain) =>
      createHmac('sha256', markKey)
        .update(associated(place))
        .update('\0')
        .update(plain)
        .digest('base64url')
        .slice(0, 16),
    tokenKey: derive('access-tokens'),
    oauthKeys: { cookies: derive('oauth-cookies'), signing: derive('oauth-signing') },
    fingerprint: Buffer.from(derive('fingerprint')).toString('hex').slice(0, 32),
    seal(place, plain) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', columnKey, iv);
      cipher.setAAD(associated(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return version + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(place, sealed) {
      const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
      if (!sealed.startsWith(version) || bytes.length < 28) throw unreadable(place);
      const decipher = createDecipheriv('aes-256-gcm', columnKey, bytes.subarray(0, 12));
      decipher.setAAD(associated(place));
      decipher.setAuthTag(bytes.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        throw unreadable(place);
      }
    },
  };
}

/** Seals a value as JSON for its place. */
export function sealJson(secrets: Secrets, place: SecretPlace, value: unknown): string {
  return secrets.seal(place, JSON.stringify(value));
}

/** Opens a value that `sealJson` sealed. It has the shape that it was sealed with, because nobody else can seal. */
export function openJson(secrets: Secrets, place: SecretPlace, sealed: string): unknown {
  return JSON.parse(secrets.open(place, sealed));
}

function associated(place: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([place.table, place.row, place.column]));
}

function unreadable(place: SecretPlace): DomainError {
  const { column, row } = place;
  return new DomainError('internal', say('secretUnreadable', { column, row }));
}

/** SHA-256 as hex: how credentials are stored and remembered. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares without telling by time where two strings differ. */
export function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A random value for a credential: 256 bits, safe in URLs and headers. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A random id for a row. */
export function newId(): string {
  return randomBytes(12).toString('base64url');
}
