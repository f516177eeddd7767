import { isIP } from 'node:net';
import type { Problem } from '@switchboard/api/dialects';
import { type Config, isLoopback } from '../config.ts';

/** What the guard looks at, from either side of the listener. */
export interface GuardedRequest {
  method: string;
  pathname: string;
  header(name: string): string | undefined;
}

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/** Pages and documents that show nothing of anybody's. */
function isPublicGet({ method, pathname }: GuardedRequest): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    (pathname === '/' || /^\/(health|ready|openapi\.json|docs|ui|\.well-known|favicon\.ico)(\/|$)/.test(pathname))
  );
}

interface Host {
  name: string;
  full: string;
}

/** `name` and `name:port` of a Host header, without brackets around an IPv6 address; null where it is not one. */
function splitHost(value: string): Host | null {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]/?#@\s]+)(?::\d{1,5})?$/.exec(value);
  if (!match?.[1]) return null;
  return { name: match[1].replace(/^\[|\]$/g, '').toLowerCase(), full: value.toLowerCase() };
}

function refused(message: string): Problem {
  return { code: 'forbidden', message };
}

/**
 * Builds the check every request passes before anything else: its Host must be a name of this hub, and its Origin,
 * where there is one, this hub or an allowed page. Gives the problem, or null.
 */
export function createGuard(config: Config): (request: GuardedRequest) => Problem | null {
  const publicHost = config.publicUrl ? new URL(config.publicUrl).host.toLowerCase() : null;
  const hosts = new Set(config.allowedHosts.map((name) => name.toLowerCase()));
  const origins = new Set(config.allowedOrigins);
  const isOpen = config.authMode === 'open';

  function isOurs(host: Host): boolean {
    if (isLoopback(host.name)) return true;
    if (isOpen) return false;
    return isIP(host.name) !== 0 || host.full === publicHost || hosts.has(host.name) || hosts.has(host.full);
  }

  function isOwnOrigin(origin: string, host: string): boolean {
    if (origins.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const url = new URL(origin);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
    return url.host === host || (config.publicUrl !== null && url.origin === new URL(config.publicUrl).origin);
  }

  // Nearly every request names the host of the one before.
  let last: { given: string; host: Host | null } = { given: '', host: null };
  function ownHost(given: string): Host | null {
    if (given === last.given) return last.host;
    const host = splitHost(given);
    last = { given, host: host && isOurs(host) ? host : null };
    return last.host;
  }

  return (request) => {
    const given = request.header('host') ?? '';
    const host = ownHost(given);
    if (!host) {
      return refused(
        `The hub does not answer to the host "${given}". Add it to ALLOWED_HOSTS if it is a name of this hub.`,
      );
    }
    if (isOpen && forwardingHeaders.some((name) => request.header(name) !== undefined)) {
      return refused('AUTH_MODE=open takes no forwarded requests. Use AUTH_MODE=required behind a proxy.');
    }
    const origin = request.header('origin');
    if (origin === undefined || isPublicGet(request) || isOwnOrigin(origin, host.full)) return null;
    return refused(
      `Requests from the origin "${origin}" are not allowed. Add it to ALLOWED_ORIGINS if it may use this hub.`,
    );
  };
}
