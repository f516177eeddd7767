import { sha256 } from '../secrets.ts';

/** The cookie of the browser that began a request: only there it is answered. */
export function oauthCookie(uid: string): string {
  return `oauth_began_${sha256(uid).slice(0, 16)}`;
}
