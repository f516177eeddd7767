import { pathOfEndpoint } from '@switchboard/core/oauth';
import { isLoopback } from '../config.ts';
import { findMcpTarget, type McpTarget } from '../http/mcp-target.ts';

/** Names of this machine by which programs on it reach the hub. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/** Whether clients may sign in at PUBLIC_URL: over https, or on the hub's own machine. */
export function isProtected(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

/**
 * The issuer for a Host header: PUBLIC_URL where it is protected, else the loopback origin that the request names. Null
 * for other hosts, because tokens would travel unprotected.
 */
export function issuerFor(publicUrl: string | null, host: string | undefined): string | null {
  if (publicUrl !== null && isProtected(publicUrl)) return publicUrl;
  return host !== undefined && loopbackHost.test(host) ? `http://${host.toLowerCase()}` : null;
}

/** Whether a URL has the issuer's origin, or another loopback name with the issuer's port. */
function isOwnOrigin(url: URL, issuer: string): boolean {
  if (url.origin === issuer) return true;
  const own = new URL(issuer);
  return isLoopback(own.hostname) && isLoopback(url.hostname) && url.protocol === own.protocol && url.port === own.port;
}

/** The endpoint of a resource indicator (RFC 8707); null where it is no endpoint of this hub. */
export function endpointOf(resource: string, issuer: string): McpTarget | null {
  const url = resource.length > 2_048 ? null : URL.parse(resource);
  if (!url || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return null;
  if (!isOwnOrigin(url, issuer)) return null;
  const target = findMcpTarget(url.pathname);
  return target === null || target.route === 'messages' ? null : target;
}

/** The canonical URL of an endpoint. */
export function resourceOf({ endpoint, route }: Pick<McpTarget, 'endpoint' | 'route'>, issuer: string): string {
  const path = pathOfEndpoint(endpoint);
  return issuer + (route === 'streamable' ? path : path.replace(/^\/mcp/, '/sse'));
}
