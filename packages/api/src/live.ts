import { type Ctx, type DomainEvent, listServers, may, onSignedOut, toldStatus } from '@switchboard/core';
import type { CallRecord, LogLine, RuntimeEvent, ServerStatus } from '@switchboard/mcp-runtime/types';
import type { ServerRights } from '@switchboard/core/servers/schema';
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
  | { type: 'call'; record: CallRecord };

const queuedEvents = 2000;

/** A change is told before it is in force everywhere; what is read so soon after it is read once more. */
const settleMs = 1000;
const rereadMs = 200;

/** The servers the actor sees, and whether it may read their logs; looked at again whenever something changes. */
function createVisible(core: Ctx) {
  let seen: Promise<Map<string, ServerRights>> | null = null;
  let known = new Map<string, ServerRights>();
  let readAt = 0;
  let changedAt = 0;
  const read = async () => {
    const found = new Map<string, ServerRights>();
    for (let page = 1; ; page += 1) {
      const { items, total } = await listServers(core, { page, limit: 1000 });
      for (const { id, can } of items) found.set(id, can);
      if (items.length === 0 || found.size >= total) return (known = found);
    }
  };
  const load = (): Promise<Map<string, ServerRights>> => {
    const now = core.clock.now();
    const isStale = readAt <= changedAt + settleMs && (readAt <= changedAt || now - readAt > rereadMs);
    if (seen && !isStale) return seen;
    readAt = now;
    return (seen = read());
  };
  return {
    /** Whether it was there at the last look: one that is gone was only there for who saw it. */
    knew: (id: string) => known.has(id),
    changed: () => void (changedAt = core.clock.now()),
    load,
    has: async (id: string) => (await load()).has(id),
    mayReadLogs: async (id: string) => (await load()).get(id)?.logs ?? false,
  };
}

/** Whose call it was, see `credentialOf`. */
const callerOf = (credential: string) => {
  const [type, userId = null, id = null] = credential.split(':');
  return { type: 'call', userId, keyId: type === 'key' ? id : null } as const;
};

function fromRuntime(core: Ctx, event: RuntimeEvent, input: { logs: Set<string>; calls: boolean }): LiveEvent | null {
  switch (event.type) {
    case 'status':
      return { type: 'server.status', status: event.status };
    case 'catalog':
      return { type: 'server.changed', id: event.serverId };
    case 'log':
      return input.logs.has(event.line.serverId) ? { type: 'log', line: event.line } : null;
    case 'call': {
      const mayRead = input.calls && may(core, 'call.read', callerOf(event.record.credential));
      const { arguments: _arguments, result: _result, ...record } = event.record;
      return mayRead ? { type: 'call', record } : null;
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
async function isTold(event: LiveEvent, visible: ReturnType<typeof createVisible>): Promise<boolean> {
  switch (event.type) {
    case 'server.status':
      return visible.has(event.status.id);
    case 'server.changed':
      return visible.has(event.id);
    case 'log':
      return visible.mayReadLogs(event.line.serverId);
    default:
      return true;
  }
}

async function toldOf(status: ServerStatus, visible: ReturnType<typeof createVisible>): Promise<LiveEvent> {
  return { type: 'server.status', status: toldStatus(status, await visible.mayReadLogs(status.id)) };
}

/** Events of the domain and the runtime that the actor may see, until the signal aborts. */
export async function* liveEvents(
  core: Ctx,
  input: { logs: readonly string[]; calls: boolean },
  signal: AbortSignal,
): AsyncIterable<LiveEvent> {
  const wanted = { logs: new Set(input.logs), calls: input.calls };
  const visible = createVisible(core);
  const queue = createQueue<LiveEvent>({ max: queuedEvents, signal });
  const push = (event: LiveEvent | null) => event && queue.push(event);
  const stops = [
    core.runtime.subscribe((event) => push(fromRuntime(core, event, wanted))),
    core.events.subscribe((event) => {
      visible.changed();
      if (event.type !== 'server.removed' || visible.knew(event.id)) push(fromDomain(core, event));
    }),
    followEngines(core, push),
    onSignedOut(core, () => queue.end()),
  ];
  try {
    await visible.load();
    for await (const event of queue) {
      if (!(await isTold(event, visible))) continue;
      yield event.type === 'server.status' ? await toldOf(event.status, visible) : event;
    }
  } finally {
    for (const stop of stops) stop();
    queue.end();
  }
}
