import { createPrivateKey, type JsonWebKey } from 'node:crypto';

/** What cookies of the engine are signed with. */
export function cookieKey(key: Uint8Array): string {
  return Buffer.from(key).toString('base64url');
}

/** How PKCS #8 writes an Ed25519 key before its 32 bytes. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The signing key that these 32 bytes are. Nothing is signed with it as long as tokens are opaque; the engine wants one. */
export function signingKey(seed: Uint8Array): JsonWebKey & { use: 'sig'; alg: string; kty: string } {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  return { ...key.export({ format: 'jwk' }), kty: 'OKP', use: 'sig', alg: 'Ed25519' };
}
