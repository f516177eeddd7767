import { sha256 } from '../secrets.ts';

/**
 * Name of the cookie that ties a request to the browser that began it. At an https address no other host and no program
 * of the person's machine can set a cookie of this name.
 */
export function oauthCookie(uid: string, address: string): string {
  return `${address.startsWith('https:') ? '__Host-' : ''}oauth_began_${sha256(uid).slice(0, 16)}`;
}
