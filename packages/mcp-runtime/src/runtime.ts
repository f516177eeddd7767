import { createEvents, type Events } from './events.ts';
import { exposureOf } from './exposure.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createParkingLot, type ParkingLot } from './gateway/asks/parked.ts';
import { createRequestStates } from './gateway/asks/request-state.ts';
import { createDoings, type CallerTasks } from './gateway/asks/sent-caller.ts';
import { createForwarder } from './gateway/calls/forward.ts';
import { createSharedMentions } from './gateway/calls/mentions.ts';
import { readyView } from './gateway/calls/ready-view.ts';
import { createRouter, type Router } from './gateway/calls/router.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { createTasks } from './gateway/tasks/tasks.ts';
import { createInProcess } from './gateway/transports/in-process.ts';
import { createListeners } from './gateway/transports/listen.ts';
import { createViews, type Views } from './gateway/views.ts';
import { nothingPersonal, type Personal } from './personal.ts';
import type { Admit, Phase, Runtime, RuntimeMetrics, Select, TaskStore, WhyClosed, WhyHidden } from './types.ts';
import { isInDoubt } from './upstream/failures.ts';
import { type Holds, noHolds } from './upstream/holds.ts';
import type { OpenLink } from './upstream/link.ts';
import { createProgramUsage } from './upstream/links/program-usage.ts';
import { hasSettled } from './upstream/settled.ts';

/** Sessions, and instances besides primaries. */
export interface Caps {
  sessions: number;
  sessionsPerPerson: number;
  instances: number;
  /** Applies whatever a server's own limit says. */
  instancesPerServer: number;
  instancesPerPerson: number;
}

export interface RuntimeOptions {
  openLink: OpenLink;
  select: Select;
  /** Absent = whatever is closed is as if it were not there. */
  whyClosed?: WhyClosed;
  /** Absent = records tell nothing of tools that are kept from their callers. */
  whyHidden?: WhyHidden;
  /** Asked before each tool call; absent = every call goes through. */
  admit?: Admit;
  /** How the hub presents itself, to servers and clients. */
  hub: { name: string; version: string };
  /** Milliseconds since the epoch: for what is told and written down. */
  now?: () => number;
  /** Milliseconds of a clock that nobody sets: for what waits, idles and expires. */
  elapsed?: () => number;
  random?: () => number;
  /** The most sessions and instances of the hub, one server and one person; absent ones have a default. */
  caps?: Partial<Caps>;
  /** Milliseconds a session may be silent. */
  sessionIdleMs?: number;
  /** Bytes of one message from a server. */
  messageLimit?: number;
  /** Starts that run at once. */
  startsAtOnce?: number;
  /** Servers that only a person may start. */
  holds?: Holds;
  /** What of servers is a person's own; absent: nothing is. */
  personal?: Personal;
  /** Until when the certificate that a URL's host showed is valid; default: nothing is known. */
  certificateExpiry?: (url: string) => number | null;
  /** Keeps routes of tasks beyond the process; null: they end with it. */
  taskStore?: TaskStore | null;
  /** Told of what a listener threw. */
  onError?: (error: unknown) => void;
}

const defaults = {
  admit: (): null => null,
  whyClosed: (): null => null,
  whyHidden: (): null => null,
  now: Date.now,
  elapsed: (): number => performance.now(),
  random: Math.random,
  sessionIdleMs: 30 * 60_000,
  messageLimit: 32 * 1024 * 1024,
  startsAtOnce: 6,
  holds: noHolds,
  personal: nothingPersonal,
  certificateExpiry: (): null => null,
  taskStore: null,
  onError: (): void => undefined,
};
const sweepMs = 1000;
const refreshMs = 20;
const parkedMs = 5 * 60_000;
const parkedPerPerson = 32;
const defaultCaps: Caps = {
  sessions: 10_000,
  sessionsPerPerson: 1000,
  instances: 256,
  instancesPerServer: 64,
  instancesPerPerson: 64,
};

type Options = Required<Omit<RuntimeOptions, 'caps'>> & { caps: Caps };

interface ClientSide {
  gateway: Gateway;
  router: Router;
  parking: ParkingLot;
  doings: CallerTasks;
}

/** Everything between clients and servers. */
function createClientSide(options: Options, fleet: Fleet, views: Views, events: Events): ClientSide {
  const { now, elapsed, hub, sessionIdleMs, caps } = options;
  const { upstream, catalogOf } = fleet;
  const hubInfo = { name: hub.name, version: hub.version };
  const states = createRequestStates();
  const doings = createDoings(options.personal);
  const tasks = createTasks({ store: options.taskStore, now });
  const parking = createParkingLot({ waitMs: parkedMs, perPerson: parkedPerPerson });
  const forwarder = createForwarder({
    upstream,
    states,
    now,
    record: (record) => events.emit({ type: 'call', record }),
    admit: options.admit,
    doings,
    tasks,
  });
  const router = createRouter({ forwarder, upstream, catalogOf, whyHidden: options.whyHidden, tasks, doings, hubInfo });
  const ready: Parameters<typeof createListeners>[0]['readyView'] = (view, peer, signal) =>
    readyView({ upstream, catalogOf }, view, peer, signal);
  const gateway = createGateway({
    router,
    tasks,
    views,
    states,
    parking,
    hubInfo,
    elapsed,
    upstream,
    catalogOf,
    sessionIdleMs,
    maxSessions: caps.sessions,
    readyView: ready,
    personal: options.personal,
    release: fleet.release,
    mentionsOf: createSharedMentions(),
    listeners: createListeners({ upstream, catalogOf, hubInfo, readyView: ready }),
    maxPerPerson: caps.sessionsPerPerson,
    onSessions: (sessions) => events.emit({ type: 'session', sessions }),
  });
  return { gateway, router, parking, doings };
}

/** Runs something once for all who ask within a moment: changes come in bursts (a restart touches every list). */
function coalesce(run: () => void): () => void {
  let queued = false;
  return () => {
    if (queued) return;
    queued = true;
    setTimeout(() => {
      queued = false;
      run();
    }, refreshMs).unref();
  };
}

function measure(fleet: Fleet, { gateway, parking }: ClientSide): RuntimeMetrics {
  const servers: Record<Phase, number> = { stopped: 0, starting: 0, running: 0, stopping: 0, error: 0 };
  let instances = 0;
  let inFlight = 0;
  for (const status of fleet.statuses()) {
    servers[status.phase]++;
    instances += status.instances;
    inFlight += status.inFlight;
  }
  return { sessions: gateway.count(), instances, inFlight, parked: parking.count(), servers };
}

/** Creates the runtime: nothing runs until `apply`. */
export function createRuntime(given: RuntimeOptions): Runtime {
  const options: Options = { ...defaults, ...given, caps: { ...defaultCaps, ...given.caps } };
  const events = createEvents(options.onError);
  const refreshClients = coalesce(() => !closed && front.gateway.refresh());
  function refreshSoon(): void {
    views.invalidate();
    refreshClients();
  }
  const fleet = createFleet({
    ...options,
    events,
    onLists: refreshSoon,
    onOwnLists(serverId, owner, catalog) {
      views.overlay(owner, serverId, catalog);
      refreshClients();
    },
  });
  const views = createViews(options, fleet.catalogOf, fleet.reportDuplicate);
  const front = createClientSide(options, fleet, views, events);
  const programUsage = createProgramUsage(options.elapsed);
  let closed = false;

  const sweeper = setInterval(() => {
    fleet.sweep();
    front.gateway.sweep();
  }, sweepMs);
  sweeper.unref();

  return {
    apply(specs) {
      if (closed) return;
      if (fleet.apply(specs)) refreshSoon();
    },
    seedCatalog(serverId, catalog) {
      fleet.seed(serverId, catalog);
      refreshSoon();
    },
    catalog: fleet.catalogOf,
    status: fleet.status,
    statuses: fleet.statuses,
    until: fleet.until,
    settled: (serverId, signal) => fleet.until(serverId, hasSettled, signal),
    stop: (serverId, { graceMs }) => fleet.find(serverId)?.stop(graceMs) ?? Promise.resolve(),
    async restart(serverId, signal) {
      fleet.upstream(serverId).restart();
      return fleet.until(serverId, hasSettled, signal);
    },
    probe: (spec, probeOptions) => fleet.probes.run(spec, probeOptions),
    abandon: (serverId) => fleet.probes.abandon(serverId),
    call: createInProcess({ router: front.router, views }),
    isInDoubt,
    exposure: (selection) => exposureOf(views.of(selection)),
    logs: fleet.logs,
    subscribe: events.subscribe,
    selectionsChanged: refreshSoon,
    personalChanged() {
      fleet.personalChanged();
      front.doings.changed();
      refreshSoon();
    },
    handleHttp: (request, response, context) => front.gateway.handle(request, response, context),
    metrics: () => measure(fleet, front),
    programUsage: () => programUsage(fleet.programs()),
    certificateExpiry(serverId) {
      const launch = fleet.find(serverId)?.spec().launch;
      return launch !== undefined && 'url' in launch ? options.certificateExpiry(launch.url) : null;
    },
    drain: () => front.gateway.drain(),
    working: () => front.gateway.working(),
    endSessions: () => front.gateway.close(),
    async close() {
      closed = true;
      clearInterval(sweeper);
      front.gateway.close();
      await fleet.close();
    },
  };
}
