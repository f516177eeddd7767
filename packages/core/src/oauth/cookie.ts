import { sha256 } from '../secrets.ts';

/** Name of the cookie that ties a request to the browser that began it. */
export function oauthCookie(uid: string): string {
  return `oauth_began_${sha256(uid).slice(0, 16)}`;
}
