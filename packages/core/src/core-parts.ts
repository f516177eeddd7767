import type { DatabaseHealth, Db } from '@switchboard/db';
import type { Runtime, SignInProtocol, Tracer } from '@switchboard/mcp-runtime/types';
import { createAuthenticator } from './access/authenticate.ts';
import { createDirectory } from './access/directory.ts';
import { createSessions } from './access/sessions.ts';
import { createLoginThrottle, type LoginThrottle } from './access/throttle.ts';
import type { Actor } from './actor.ts';
import { createAlertWatch } from './alerts/watch.ts';
import { createSimulator } from './apps/simulator.ts';
import type { Callbacks } from './callbacks.ts';
import { createCallRecorder } from './calls/records.ts';
import { createCallStats } from './calls/stats.ts';
import { createLiveSettings } from './configuration/live-settings.ts';
import type { Ctx } from './context.ts';
import { type Engines } from './engines/contract.ts';
import { affectedBy, createEventBus, type CountEvent, type DomainEvent } from './events.ts';
import { paceOf } from './jobs/boss.ts';
import type { JobDatabase } from './jobs/contract.ts';
import { createJobs } from './jobs/jobs.ts';
import { jobTypes } from './jobs/types/index.ts';
import { createHubs, type HubWork, type LockSession } from './journal/hubs.ts';
import { createKeyStore } from './keys/store.ts';
import { createCounters } from './limits/counters.ts';
import { createLimits, type Limits } from './limits/limits.ts';
import { createSharing } from './limits/sharing.ts';
import { createHubLog, type HubLog } from './logs/hub-log.ts';
import { createLogs } from './logs/stream.ts';
import type { ModelServices } from './models/contract.ts';
import { createGauges } from './monitoring/series/gauges.ts';
import { createSeriesKeeper } from './monitoring/series/keeper.ts';
import type { Mailer } from './notifications/contract.ts';
import { createGrantTokens } from './oauth/tokens.ts';
import { pageLink } from './page-link.ts';
import { createPersonalBook } from './personal/book.ts';
import { mayUse } from './personal/may-use.ts';
import type { Clock, Log, Policy } from './ports.ts';
import { createReplicas, type Listen } from './replicas.ts';
import type { Secrets } from './secrets.ts';
import { createSelector } from './selection.ts';
import { type Accounts } from './servers/accounts-port.ts';
import { createCatalogCache } from './servers/catalogs.ts';
import { createReconciler, type Reconciler } from './servers/reconcile.ts';
import { noProtocol, type UpstreamSignIns } from './sign-ins/contract.ts';
import { createUpstreamSignIns } from './sign-ins/keeper.ts';
import { createLock } from './sign-ins/lock.ts';
import { createSignInSource } from './sign-ins/source.ts';
import { noteAsking, userOf } from './sign-ins/store.ts';
import { createSlotStore, type SlotStore } from './slots/store.ts';

export interface CoreOptions {
  db: Db;
  /** Tells when the database is gone and back; without it, each query finds out. */
  health?: Pick<DatabaseHealth, 'subscribe'>;
  runtime: Runtime;
  /** Default: none. */
  engines?: Engines;
  /** What speaks to models. Default: nothing. */
  providers?: ModelServices['providers'];
  /** Tells programs outside. Default: nobody. */
  callbacks?: Callbacks;
  /** Signs in to servers of others. Default: nothing does. */
  signInProtocol?: SignInProtocol;
  /** Sends mail. Default: none is sent. */
  mailer?: Mailer;
  /** Default: none, so all processes share one. */
  accounts?: Accounts;
  secrets: Secrets;
  policy: Policy;
  clock: Clock;
  log: Log;
  /** What of the hub's own log is kept. Default: nothing comes to it. */
  hubLog?: HubLog;
  /** Where several hubs work on one database: hears what the others change. */
  listen?: Listen;
  /** Where jobs are kept: the same database. */
  jobDatabase: JobDatabase;
  /** How often jobs are looked for where nothing tells of one. Default: as the jobs themselves have it. */
  jobPollMs?: number;
  /** A connection of the same database for what has to outlast its statements. Default: no other hub is known. */
  session?: LockSession;
  /** Begins traces of what no request asked for. Default: there are none. */
  tracer?: Tracer | null;
  /** Begins to stop this process. Default: nobody may ask for it. */
  shutDown?: (() => void) | null;
  /** False where jobs only wait and nothing of dead hubs is taken over; default: they are run. */
  runJobs?: boolean;
}

/** Takes what another hub counted; false for an event that tells a change. */
function learnCount(
  event: DomainEvent | CountEvent,
  { limits, throttle }: { limits: Limits; throttle: LoginThrottle },
): event is CountEvent {
  switch (event.type) {
    case 'sign-in.failed':
    case 'sign-in.passed':
      throttle.learn(event);
      return true;
    case 'account.registered':
      limits.learnRegistration(event.address);
      return true;
    default:
      return false;
  }
}

/** Others can read the hub's document as a client only where they reach it, and only over https does it count. */
function documentOf(publicUrl: string | null): string | null {
  return publicUrl?.startsWith('https:') === true ? `${publicUrl.replace(/\/$/, '')}/client-metadata.json` : null;
}

/** Makes a context of somebody. */
type ContextFor = (actor: Actor, request?: { signal?: AbortSignal }) => Ctx;

/** The parts with a lifetime of their own. */
export function makeParts(options: CoreOptions, ctxFor: ContextFor, work: HubWork) {
  const { db, runtime, secrets, policy, clock, log } = options;
  const sessions = createSessions(db);
  const directory = createDirectory();
  const selector = createSelector(directory);
  const keys = createKeyStore(db, log);
  const { tokenKey } = secrets;
  function now() {
    return clock.now();
  }
  function elapsed() {
    return (clock.elapsed ?? clock.now)();
  }
  const counters = createCounters(now);
  function tellCount(event: CountEvent): void {
    void replicas.tell([event]);
  }
  const settings = createLiveSettings({ db, policy, log });
  const limits = createLimits({ counters, directory, settings: () => settings.now().limits, now, tell: tellCount });
  const throttle = createLoginThrottle(elapsed, tellCount);
  const events = createEventBus(log);
  const simulator = createSimulator({
    db,
    clock,
    log,
    version: policy.version,
    ctxFor,
    async stateChanged(id, owner) {
      const event: DomainEvent = { type: 'app-state.changed', id, owner };
      events.emit(event);
      await replicas.tell([event]);
    },
  });
  const slots = createSlotStore({ db, secrets });
  const signInSource = createSignInSource(db);
  const personal = createPersonalBook({
    sources: [slots, signInSource],
    mayUse: (person, serverId) => mayUse({ directory, selector, authMode: policy.authMode }, person, serverId),
    link: (path) => pageLink(policy, path),
    unseen: (serverId) => secretsOf({ reconciler, slots, signIns }, serverId),
  });
  const reconciler = createReconciler({
    db,
    runtime,
    selector,
    limits,
    simulator,
    personal: {
      load: async () => {
        await Promise.all([slots.load(), signInSource.load()]);
        signIns.compare(signInSource.stampOf);
      },
      declare(servers) {
        slots.declare(servers);
        signInSource.declare(servers);
      },
      changed() {
        personal.rightsChanged();
        runtime.personalChanged();
      },
    },
    settings,
    secrets,
    policy,
    clock,
    log,
  });
  function onEvents(heard: (DomainEvent | CountEvent)[]): void {
    const changes = heard.filter((event) => !learnCount(event, { limits, throttle }));
    for (const event of changes) events.emit(event);
    const affected = affectedBy(changes);
    if (affected.size > 0) void reconciler.now(affected);
  }
  function contextOf(job: string, signal: AbortSignal) {
    return ctxFor({ type: 'system', job }, { signal });
  }
  const replicas = createReplicas({ db, listen: options.listen ?? null, log, onEvents });
  function tellAll(event: DomainEvent): void {
    events.emit(event);
    void reconciler.now(affectedBy([event]));
    void replicas.tell([event]);
  }
  const signIns = createUpstreamSignIns({
    db,
    secrets,
    protocol: options.signInProtocol ?? noProtocol,
    documentUrl: documentOf(policy.publicUrl ?? null),
    target: (serverId) => reconciler.targetOf(serverId),
    lock: createLock(options.session ?? null),
    page: (serverId) => pageLink(policy, signInSource.page(serverId)),
    async asked(serverId) {
      if (await noteAsking(db, serverId)) tellAll({ type: 'server.changed', id: serverId });
    },
    changed: ({ serverId, person }) => tellAll({ type: 'server.sign-in', id: serverId, userId: userOf(person) }),
    clock,
    log,
  });
  const hubs = createHubs({ db, session: options.session ?? null, log, work });
  const gauges = createGauges({ runtime, replica: hubs.id, now });
  return {
    hubs,
    signIns,
    gauges,
    series: createSeriesKeeper({ db, gauges, now, log }),
    sessions,
    directory,
    selector,
    jobs: createJobs({
      database: options.jobDatabase,
      types: jobTypes,
      log,
      contextOf,
      ...(options.jobPollMs !== undefined && { pace: paceOf(options.jobPollMs / 1000) }),
    }),
    alerts: createAlertWatch(now),
    logs: createLogs(options.hubLog ?? createHubLog(), runtime, log),
    stats: createCallStats(() => clock.now()),
    recorder: createCallRecorder(db, log, (serverId) => secretsOf({ reconciler, slots, signIns }, serverId)),
    catalogs: createCatalogCache(db, clock, log),
    counters,
    events,
    replicas,
    throttle,
    sharing: createSharing({ db, counters, now, log }),
    limits,
    settings,
    simulator,
    slots,
    personal,
    reconciler,
    authenticator: createAuthenticator({
      sessions,
      keys,
      grants: createGrantTokens(db, log),
      tokenKey,
      authMode: policy.authMode,
      clock,
      log,
    }),
  };
}

/** Values that a server was given and nobody may see, and those that people gave for it. */
export function secretsOf(
  {
    reconciler,
    slots,
    signIns,
  }: {
    reconciler: Pick<Reconciler, 'secretsOf'>;
    slots: Pick<SlotStore, 'secretsOf'>;
    signIns: Pick<UpstreamSignIns, 'secretsOf'>;
  },
  serverId: string,
): readonly string[] {
  const lists = [reconciler.secretsOf(serverId), slots.secretsOf(serverId), signIns.secretsOf(serverId)];
  const some = lists.filter((list) => list.length > 0);
  // Mostly there is but one, which stays the same as long as nothing changes.
  return some.length > 1 ? some.flat() : (some[0] ?? []);
}

export type CoreParts = ReturnType<typeof makeParts>;
