import { createPrivateKey, type JsonWebKey } from 'node:crypto';

/** The secret for the engine's cookies. */
export function cookieKey(key: Uint8Array): string {
  return Buffer.from(key).toString('base64url');
}

/** How PKCS #8 writes an Ed25519 key before its 32 bytes. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key of 32 bytes. The engine requires a key; opaque tokens are not signed. */
export function signingKey(seed: Uint8Array): JsonWebKey & { use: 'sig'; alg: string; kty: string } {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  return { ...key.export({ format: 'jwk' }), kty: 'OKP', use: 'sig', alg: 'Ed25519' };
}
