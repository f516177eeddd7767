import { type Ctx, type DomainEvent, listServers, may } from '@switchboard/core';
import type { CallRecord, LogLine, RuntimeEvent, ServerStatus } from '@switchboard/mcp-runtime/types';
import { createQueue } from './queue.ts';

/** What the page is told as it happens. */
export type LiveEvent =
  | { type: 'server.status'; status: ServerStatus }
  | { type: 'server.changed'; id: string }
  | { type: 'server.removed'; id: string }
  | { type: 'log'; line: LogLine }
  | { type: 'call'; record: CallRecord };

const queuedEvents = 2000;

/** Ids of the servers the actor sees, read again whenever one is added or changed. */
function createVisible(core: Ctx) {
  let ids: Promise<Set<string>> | null = null;
  const read = async () => {
    const seen = new Set<string>();
    for (let page = 1; ; page += 1) {
      const { items, total } = await listServers(core, { page, limit: 1000 });
      for (const { id } of items) seen.add(id);
      if (items.length === 0 || seen.size >= total) return seen;
    }
  };
  return {
    forget: () => void (ids = null),
    has: async (id: string) => (await (ids ??= read())).has(id),
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

function fromDomain(event: DomainEvent): LiveEvent | null {
  switch (event.type) {
    case 'server.created':
    case 'server.changed':
      return { type: 'server.changed', id: event.id };
    case 'server.removed':
      return { type: 'server.removed', id: event.id };
    case 'group.changed':
    case 'group.removed':
    case 'user.changed':
    case 'session.ended':
    case 'key.changed':
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
      if (event.type.startsWith('server.')) visible.forget();
      push(fromDomain(event));
    }),
  ];
  try {
    for await (const event of queue) {
      const subject = subjectOf(event);
      if (subject === null || (await visible.has(subject))) yield event;
    }
  } finally {
    for (const stop of stops) stop();
    queue.end();
  }
}
