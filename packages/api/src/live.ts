import { type ChangeNotice, type Ctx, type DomainEvent, changedBy, liveRuleOf } from '@switchboard/core';
import { holderOf, readCredential, may, onSignedOut } from '@switchboard/core/access';
import { describeCall } from '@switchboard/core/calls';
import type { CallEntry } from '@switchboard/core/calls/schema';
import { visibleStatus } from '@switchboard/core/servers';
import type { LogLine, RuntimeEvent, ServerStatus } from '@switchboard/mcp-runtime/types';
import { followEngines } from './live-engines.ts';
import { createQueue } from './queue.ts';
import { noSight, shareVisible, type Visible } from './visible.ts';

/** The live events of the page. */
export type LiveEvent =
  | { type: 'server.status'; status: ServerStatus }
  /** Something changed: what was read at these paths is read again. */
  | ChangeNotice
  | { type: 'log'; line: LogLine }
  | { type: 'call'; record: CallEntry };

/** A waiting event, with the server that the listener still has to see when it is sent. */
interface Waiting {
  event: LiveEvent;
  server: string | null;
}

const queuedEvents = 2000;

function fromRuntime(core: Ctx, event: RuntimeEvent, input: { logs: Set<string>; calls: boolean }): Waiting | null {
  switch (event.type) {
    case 'status':
      return { event: { type: 'server.status', status: event.status }, server: event.status.id };
    case 'catalog':
      return waitingFor(core, { type: 'server.changed', id: event.serverId }, noSight);
    case 'log':
      return input.logs.has(event.line.serverId)
        ? { event: { type: 'log', line: event.line }, server: event.line.serverId }
        : null;
    case 'call': {
      const mayRead =
        input.calls && may(core, 'call.read', { type: 'call', ...holderOf(readCredential(event.record.credential)) });
      return mayRead ? { event: { type: 'call', record: describeCall(core, event.record) }, server: null } : null;
    }
    case 'session':
      return null;
  }
}

function waitingFor(core: Ctx, event: DomainEvent, sight: Pick<Visible, 'knew'>): Waiting | null {
  const rule = liveRuleOf(event);
  if (rule === null || !rule.sees(core, event, sight)) return null;
  return { event: changedBy(rule, event), server: rule.server?.(event) ?? null };
}

/** Whether it is the actor's to know: what it queued for was asked already, and servers are asked about now. */
async function isTold(core: Ctx, { event, server }: Waiting, visible: Visible): Promise<boolean> {
  if (server === null) return true;
  const rights = (await visible.load(core)).get(server);
  return rights !== undefined && (event.type !== 'log' || rights.logs);
}

async function toldOf(core: Ctx, status: ServerStatus, visible: Visible): Promise<LiveEvent> {
  const mayReadLogs = (await visible.load(core)).get(status.id)?.logs ?? false;
  return { type: 'server.status', status: visibleStatus(status, mayReadLogs) };
}

/** Events of the domain and the runtime that the actor may see, until the signal aborts. */
export async function* liveEvents(
  core: Ctx,
  input: { logs: readonly string[]; calls: boolean },
  signal: AbortSignal,
): AsyncIterable<LiveEvent> {
  const wanted = { logs: new Set(input.logs), calls: input.calls };
  const { visible, release } = shareVisible(core);
  const queue = createQueue<Waiting>({ max: queuedEvents, signal });
  function push(waiting: Waiting | null) {
    return waiting && queue.push(waiting);
  }
  const stops = [
    core.hub.runtime.subscribe((event) => push(fromRuntime(core, event, wanted))),
    core.events.subscribe((event) => {
      visible.changed(core);
      push(waitingFor(core, event, visible));
    }),
    followEngines(core, (event) => push({ event, server: null })),
    onSignedOut(core, () => queue.end()),
    release,
  ];
  try {
    await visible.load(core);
    for await (const waiting of queue) {
      if (!(await isTold(core, waiting, visible))) continue;
      const { event } = waiting;
      yield event.type === 'server.status' ? await toldOf(core, event.status, visible) : event;
    }
  } finally {
    for (const stop of stops) stop();
    queue.end();
  }
}
