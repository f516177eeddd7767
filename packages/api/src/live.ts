import { type Ctx, type DomainEvent, listServers, may } from '@switchboard/core';
import type { CallRecord, LogLine, RuntimeEvent, ServerStatus } from '@switchboard/mcp-runtime/types';
import { followEngines, type EngineState, type EngineThing } from './live-engines.ts';
import { createQueue } from './queue.ts';
import { onSignedOut } from './signed-out.ts';

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

/** Ids of the servers the actor sees, read again whenever one is added or changed, or rights are. */
function createVisible(core: Ctx) {
  let ids: Promise<Set<string>> | null = null;
  let known = new Set<string>();
  let readAt = 0;
  let changedAt = 0;
  const read = async () => {
    const seen = new Set<string>();
    for (let page = 1; ; page += 1) {
      const { items, total } = await listServers(core, { page, limit: 1000 });
      for (const { id } of items) seen.add(id);
      if (items.length === 0 || seen.size >= total) return (known = seen);
    }
  };
  const load = (): Promise<Set<string>> => {
    const now = core.clock.now();
    const isStale = readAt <= changedAt + settleMs && (readAt <= changedAt || now - readAt > rereadMs);
    if (ids && !isStale) return ids;
    readAt = now;
    return (ids = read());
  };
  return {
    /** Whether it was there at the last look: one that is gone was only there for who saw it. */
    knew: (id: string) => known.has(id),
    changed: () => void (changedAt = core.clock.now()),
    load,
    has: async (id: string) => (await load()).has(id),
  };
}

/** The user behind a credential's key, see `credentialOf`. */
const ownerOf = (credential: string): string | null => credential.split(':')[1] ?? null;

function fromRuntime(core: Ctx, event: RuntimeEvent, input: { logs: Set<string>; calls: boolean }): LiveEvent | null {
  switch (event.type) {
    case 'status':
      return { type: 'server.status', status: event.status };
    case 'catalog':
      return { type: 'server.changed', id: event.serverId };
    case 'log':
      return input.logs.has(event.line.serverId) ? { type: 'log', line: event.line } : null;
    case 'call': {
      const resource = { type: 'call', userId: ownerOf(event.record.credential) } as const;
      const mayRead = input.calls && may(core, 'call.read', resource);
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

function subjectOf(event: LiveEvent): string | null {
  if (event.type === 'server.status') return event.status.id;
  if (event.type === 'server.changed') return event.id;
  return event.type === 'log' ? event.line.serverId : null;
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
      const subject = subjectOf(event);
      if (subject === null || (await visible.has(subject))) yield event;
    }
  } finally {
    for (const stop of stops) stop();
    queue.end();
  }
}
