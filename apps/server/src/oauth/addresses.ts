import { pathOfEndpoint } from '@switchboard/core/oauth';
import { isLoopback } from '../config.ts';
import { findMcpTarget, type McpTarget } from '../http/mcp-target.ts';

/** Names of this machine by which programs on it reach the hub. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/**
 * Under which origin the hub signs clients in, by the name that a request calls it: where it is reached from elsewhere
 * that is PUBLIC_URL alone, and without it only programs of this machine find a safe way back. Null: there is none.
 */
export function issuerFor(publicUrl: string | null, host: string | undefined): string | null {
  if (publicUrl !== null) return publicUrl;
  return host !== undefined && loopbackHost.test(host) ? `http://${host.toLowerCase()}` : null;
}

/** Whether two origins are this hub to a client: the same, or both of this machine. */
function isOwnOrigin(url: URL, issuer: string): boolean {
  if (url.origin === issuer) return true;
  const own = new URL(issuer);
  return isLoopback(own.hostname) && isLoopback(url.hostname) && url.protocol === own.protocol && url.port === own.port;
}

/** The endpoint that a client means with a resource of RFC 8707; null where it is none of this hub. */
export function endpointOf(resource: string, issuer: string): McpTarget | null {
  const url = resource.length > 2_048 ? null : URL.parse(resource);
  if (!url || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return null;
  if (!isOwnOrigin(url, issuer)) return null;
  const target = findMcpTarget(url.pathname);
  return target === null || target.route === 'messages' ? null : target;
}

/** The one way in which an endpoint is written down. */
export function resourceOf({ endpoint, route }: Pick<McpTarget, 'endpoint' | 'route'>, issuer: string): string {
  const path = pathOfEndpoint(endpoint);
  return issuer + (route === 'streamable' ? path : path.replace(/^\/mcp/, '/sse'));
}
