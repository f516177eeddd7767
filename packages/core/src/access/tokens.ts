import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';

export const accessTokenSeconds = 86_400;
export const shortTokenSeconds = 1_800;
export const refreshTokenSeconds = 30 * 86_400;
const issuer = 'switchboard';

export interface AccessClaims {
  userId: string;
  sid: string;
  expiresAt: Date;
}

/** A JWT, of 24 hours where nothing else is said; `sid` is a random handle of the session, never its cookie. */
export function signAccessToken(
  key: Uint8Array,
  claims: { userId: string; username: string; role: string; sid: string },
  now: number,
  seconds = accessTokenSeconds,
): Promise<string> {
  return (
    new SignJWT({ sid: claims.sid, username: claims.username, role: claims.role })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(claims.userId)
      // Two tokens of one second differ by it.
      .setJti(randomUUID())
      .setIssuedAt(Math.floor(now / 1_000))
      .setExpirationTime(Math.floor(now / 1_000) + seconds)
      .sign(key)
  );
}

/** Null for anything that is not a token of ours or is out of date; whether its session lives is asked apart. */
export async function verifyAccessToken(key: Uint8Array, token: string, now: number): Promise<AccessClaims | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer,
      requiredClaims: ['sub', 'sid', 'exp'],
      currentDate: new Date(now),
    });
    const { sub, exp } = payload;
    const sid = payload['sid'];
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') return null;
    return { userId: sub, sid, expiresAt: new Date(exp * 1_000) };
  } catch {
    return null;
  }
}
