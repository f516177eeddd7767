import { type Ctx, type EventBus, keyIdOf, personOf } from '@switchboard/core';
import { visibleServers } from '@switchboard/core/servers';
import type { ServerRights } from '@switchboard/core/servers/schema';

/** Of who never looked before. */
export const noSight = { knew: (): boolean => false };

/** An event is published before its change applies everywhere; a result this soon after it is read once more. */
const settleMs = 1000;
const rereadMs = 200;

/** The servers that an actor sees, and whether it may read their logs; loaded again after every change. */
function createVisible() {
  let seen: Promise<Map<string, ServerRights>> | null = null;
  let isRead = false;
  let known = new Map<string, ServerRights>();
  let readAt = 0;
  let changedAt = 0;
  function isStale(now: number): boolean {
    return readAt <= changedAt + settleMs && (readAt <= changedAt || now - readAt > rereadMs);
  }
  function load(core: Ctx): Promise<Map<string, ServerRights>> {
    const now = core.clock.now();
    if (seen && !isStale(now)) return seen;
    readAt = now;
    isRead = false;
    const reading = visibleServers(core, {}).then((found) => {
      if (seen !== reading) return found;
      isRead = true;
      return (known = found);
    });
    // The next caller tries again after a failure.
    reading.catch(() => (seen = seen === reading ? null : seen));
    return (seen = reading);
  }
  return {
    /** Whether the server was visible at the last check: the removal of a server is only shown to those who saw it. */
    knew: (id: string) => known.has(id),
    changed: (core: Ctx) => void (changedAt = core.clock.now()),
    /** The same as `load` where that needs no waiting; else null. */
    loaded: (core: Ctx) => (isRead && !isStale(core.clock.now()) ? known : null),
    load,
  };
}

export type Visible = ReturnType<typeof createVisible>;

/** Shared by the streams of one hub: a person with many pages is checked once for each change. */
const shared = new WeakMap<EventBus, Map<string, { visible: Visible; streams: number }>>();

/** All sign-ins of a person see the same; a key may see less. */
function seesAs({ actor }: Ctx): string {
  const keyId = keyIdOf(actor);
  return keyId === null ? `user ${personOf(actor)}` : `key ${keyId}`;
}

/** The servers that this actor sees, shared with its other streams until it is released. */
export function shareVisible(core: Ctx): { visible: Visible; release: () => void } {
  const all = shared.get(core.events) ?? new Map<string, { visible: Visible; streams: number }>();
  shared.set(core.events, all);
  const name = seesAs(core);
  const entry = all.get(name) ?? { visible: createVisible(), streams: 0 };
  all.set(name, entry);
  entry.streams += 1;
  function release() {
    entry.streams -= 1;
    if (entry.streams === 0) all.delete(name);
  }
  return { visible: entry.visible, release };
}
