import type { RemoteLaunch } from '../../types.ts';
import type { Certificates } from '../certificates.ts';
import { LinkError } from '../link.ts';
import { ownProxies, type Proxies } from '../proxies.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';

/** How long connections stay after the last link that used them. */
const lingerMs = 10_000;

export interface Clients {
  /** The client for a launch; `release` once its link has ended. Throws LinkError where its proxies cannot be read. */
  take(launch: RemoteLaunch): { client: HttpClient; release: () => void };
  close(): Promise<void>;
}

/** Clients that links share: one for each policy of addresses and each set of proxies. */
export function createClients(hub: Proxies | null, certificates: Certificates): Clients {
  const clients = new Map<string, { client: HttpClient; users: number }>();
  function keyOf(allowPrivate: boolean, proxies: Proxies | null) {
    return JSON.stringify([allowPrivate, proxies]);
  }
  // Clients of the hub itself stay; sets of a server's own end with their last link.
  const lasting = new Set([true, false].flatMap((allow) => [keyOf(allow, hub), keyOf(allow, null)]));
  return {
    take({ allowPrivate, proxies: given = {} }) {
      const proxies = given === 'none' ? null : proxiesOf(given, hub);
      const key = keyOf(allowPrivate, proxies);
      const entry = clients.get(key) ?? { client: createHttpClient({ allowPrivate }, proxies, certificates), users: 0 };
      clients.set(key, entry);
      entry.users += 1;
      let held = true;
      function release() {
        if (!held) return;
        held = false;
        entry.users -= 1;
        if (entry.users > 0 || lasting.has(key) || clients.get(key) !== entry) return;
        clients.delete(key);
        // Its last session may still be being ended.
        setTimeout(() => void entry.client.close(), lingerMs).unref();
      }
      return { client: entry.client, release };
    },
    close: async () => {
      await Promise.all([...clients.values()].map(({ client }) => client.close()));
    },
  };
}

function proxiesOf(given: Readonly<Record<string, string>>, hub: Proxies | null): Proxies | null {
  try {
    return ownProxies(given, hub);
  } catch (error) {
    throw new LinkError('unreachable', error instanceof Error ? `${error.message}.` : String(error));
  }
}
