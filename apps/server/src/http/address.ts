import { isIP } from 'node:net';

/** The caller's address: what the proxy says where there is one that is trusted. */
export function readAddress(
  forwardedFor: string | undefined,
  remote: string | null,
  trustProxy: boolean,
): string | null {
  if (!trustProxy) return remote;
  const last = forwardedFor?.slice(forwardedFor.lastIndexOf(',') + 1).trim() ?? '';
  // Some proxies write the port too.
  const plain = isIP(last) === 0 ? (/^\[?([^\]]+?)\]?(?::\d{1,5})?$/.exec(last)?.[1] ?? '') : last;
  return isIP(plain) === 0 ? remote : plain;
}
