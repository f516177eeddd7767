import { type Ctx, type DomainEvent, type EventBus, personOf } from '@switchboard/core';
import { holderOf, readCredential, may, onSignedOut } from '@switchboard/core/access';
import { toldCall } from '@switchboard/core/calls';
import type { CallEntry } from '@switchboard/core/calls/schema';
import { toldStatus, visibleServers } from '@switchboard/core/servers';
import type { ServerRights } from '@switchboard/core/servers/schema';
import type { LogLine, RuntimeEvent, ServerStatus } from '@switchboard/mcp-runtime/types';
import { followEngines, type EngineState, type EngineThing } from './live-engines.ts';
import { createQueue } from './queue.ts';

/** What the page is told as it happens. */
export type LiveEvent =
  | { type: 'server.status'; status: ServerStatus }
  | { type: 'server.changed'; id: string }
  | { type: 'server.removed'; id: string }
  /** Somebody's rights, account or keys may be others than before: read again what is shown of them. */
  | { type: 'access.changed'; what: 'groups' | 'users' | 'keys' }
  | { type: 'stack.changed'; id: string }
  /** An engine went or came back. */
  | { type: 'engine.state'; engine: string; state: EngineState }
  /** Something on an engine changed: read again what is shown of it. */
  | { type: 'engine.changed'; engine: string; what: EngineThing }
  | { type: 'log'; line: LogLine }
  | { type: 'call'; record: CallEntry };

const queuedEvents = 2000;

/** A change is told before it is in force everywhere; what is read so soon after it is read once more. */
const settleMs = 1000;
const rereadMs = 200;

/** The servers an actor sees, and whether it may read their logs; looked at again whenever something changes. */
function createVisible() {
  let seen: Promise<Map<string, ServerRights>> | null = null;
  let known = new Map<string, ServerRights>();
  let readAt = 0;
  let changedAt = 0;
  async function read(core: Ctx) {
    return (known = await visibleServers(core, {}));
  }
  function load(core: Ctx): Promise<Map<string, ServerRights>> {
    const now = core.clock.now();
    const isStale = readAt <= changedAt + settleMs && (readAt <= changedAt || now - readAt > rereadMs);
    if (seen && !isStale) return seen;
    readAt = now;
    const reading = read(core);
    // What failed is tried again by the next who asks.
    reading.catch(() => (seen = seen === reading ? null : seen));
    return (seen = reading);
  }
  return {
    /** Whether it was there at the last look: one that is gone was only there for who saw it. */
    knew: (id: string) => known.has(id),
    changed: (core: Ctx) => void (changedAt = core.clock.now()),
    load,
  };
}

type Visible = ReturnType<typeof createVisible>;

/** What streams of one hub share: whoever has many pages open is asked about once at each change. */
const shared = new WeakMap<EventBus, Map<string, { visible: Visible; streams: number }>>();

/** All sign-ins of a person see the same; a key may see less. */
function seesAs({ actor }: Ctx): string {
  return actor.type === 'key' ? `key ${actor.id}` : `user ${personOf(actor)}`;
}

function shareVisible(core: Ctx): { visible: Visible; release: () => void } {
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

function fromRuntime(core: Ctx, event: RuntimeEvent, input: { logs: Set<string>; calls: boolean }): LiveEvent | null {
  switch (event.type) {
    case 'status':
      return { type: 'server.status', status: event.status };
    case 'catalog':
      return { type: 'server.changed', id: event.serverId };
    case 'log':
      return input.logs.has(event.line.serverId) ? { type: 'log', line: event.line } : null;
    case 'call': {
      const mayRead =
        input.calls && may(core, 'call.read', { type: 'call', ...holderOf(readCredential(event.record.credential)) });
      return mayRead ? { type: 'call', record: toldCall(core, event.record) } : null;
    }
    case 'session':
      return null;
  }
}

function fromDomain(core: Ctx, event: DomainEvent): LiveEvent | null {
  switch (event.type) {
    case 'server.created':
    case 'server.changed':
      return { type: 'server.changed', id: event.id };
    case 'server.removed':
      return { type: 'server.removed', id: event.id };
    case 'group.changed':
    case 'group.removed':
      return { type: 'access.changed', what: 'groups' };
    case 'user.changed':
      return may(core, 'user.read', { type: 'user', id: event.id }) ? { type: 'access.changed', what: 'users' } : null;
    case 'key.changed':
      return { type: 'access.changed', what: 'keys' };
    case 'stack.changed': {
      const mayRead = may(core, 'stack.read', { type: 'stack', owner: event.owner });
      return mayRead ? { type: 'stack.changed', id: event.id } : null;
    }
    case 'session.ended':
      return null;
  }
}

/** Whether it is the actor's to know: what it queued for was asked already, and servers are asked about now. */
async function isTold(core: Ctx, event: LiveEvent, visible: Visible): Promise<boolean> {
  switch (event.type) {
    case 'server.status':
      return (await visible.load(core)).has(event.status.id);
    case 'server.changed':
      return (await visible.load(core)).has(event.id);
    case 'log':
      return (await visible.load(core)).get(event.line.serverId)?.logs ?? false;
    default:
      return true;
  }
}

async function toldOf(core: Ctx, status: ServerStatus, visible: Visible): Promise<LiveEvent> {
  const mayReadLogs = (await visible.load(core)).get(status.id)?.logs ?? false;
  return { type: 'server.status', status: toldStatus(status, mayReadLogs) };
}

/** Events of the domain and the runtime that the actor may see, until the signal aborts. */
export async function* liveEvents(
  core: Ctx,
  input: { logs: readonly string[]; calls: boolean },
  signal: AbortSignal,
): AsyncIterable<LiveEvent> {
  const wanted = { logs: new Set(input.logs), calls: input.calls };
  const { visible, release } = shareVisible(core);
  const queue = createQueue<LiveEvent>({ max: queuedEvents, signal });
  function push(event: LiveEvent | null) {
    return event && queue.push(event);
  }
  const stops = [
    core.runtime.subscribe((event) => push(fromRuntime(core, event, wanted))),
    core.events.subscribe((event) => {
      visible.changed(core);
      if (event.type !== 'server.removed' || visible.knew(event.id)) push(fromDomain(core, event));
    }),
    followEngines(core, push),
    onSignedOut(core, () => queue.end()),
    release,
  ];
  try {
    await visible.load(core);
    for await (const event of queue) {
      if (!(await isTold(core, event, visible))) continue;
      yield event.type === 'server.status' ? await toldOf(core, event.status, visible) : event;
    }
  } finally {
    for (const stop of stops) stop();
    queue.end();
  }
}
