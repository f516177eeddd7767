import { canBeAsked } from '../../upstream/handshake.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { View } from '../../view.ts';
import { needOf, type Peer } from './peer.ts';

/** How long a list waits to be complete; later items are notified as a change. */
const longestWaitMs = 10_000;
/** The same where other servers' items wait too. */
const waitAmongManyMs = 3000;
/** The most servers that a list of several asks for one client; for more, the list is the known one. */
const mostAtOnce = 8;

interface Servers {
  upstream(serverId: string): Upstream;
}

type Way = NonNullable<ReturnType<Upstream['learn']>>;

function wayAt({ upstream }: Servers, peer: Peer, serverId: string, wake: boolean): Way[] {
  try {
    const way = upstream(serverId).learn(needOf(peer, serverId, { own: true, alone: false }), { wake });
    return way === null ? [] : [way];
  } catch {
    // It is gone by now, and lists do without it.
    return [];
  }
}

function begin(ways: readonly Way[], waitMs: number): Promise<void> | null {
  return ways.length === 0 ? null : within(Promise.all(ways.map((way) => way())), waitMs);
}

function within(work: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Lets a client that can answer questions see the items that servers list to such clients only, before its first list
 * is answered (docs/adr/0008). Among several servers only running ones are asked. Null where there is no need to wait.
 */
export function learnForList(servers: Servers, peer: Peer, view: View): Promise<void> | null {
  if (!canBeAsked(peer.capabilities)) return null;
  const { prefixed } = view.selection;
  const ways = view.serverIds.flatMap((id) => wayAt(servers, peer, id, !prefixed));
  if (!prefixed) return begin(ways, longestWaitMs);
  return ways.length > mostAtOnce ? null : begin(ways, waitAmongManyMs);
}

/** The same before a name is refused as unknown: the server it would be of may have it for this client. */
export function learnForName(servers: Servers, peer: Peer, view: View, name: string): Promise<void> | null {
  if (!canBeAsked(peer.capabilities)) return null;
  const { prefixed, servers: selected } = view.selection;
  const meant = selected.filter(({ serverId, alias }) => !prefixed || name.startsWith(`${alias ?? serverId}__`));
  return begin(
    meant.flatMap(({ serverId }) => wayAt(servers, peer, serverId, true)),
    longestWaitMs,
  );
}
