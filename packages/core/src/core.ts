import { randomUUID } from 'node:crypto';
import type { Credential, EndpointSelection, Personal, Span, WhyHidden } from '@switchboard/mcp-runtime/types';
import { type Authenticated, type Authenticator, type Credentials } from './access/authenticate.ts';
import { bootstrapAdmin } from './access/users.ts';
import type { Actor } from './actor.ts';
import { shipAlertRules } from './alerts/shipped.ts';
import { createRefusals } from './audit/refusals.ts';
import { noCallbacks } from './callbacks.ts';
import { restoreCallStats } from './calls/restore.ts';
import type { LiveSettings } from './configuration/live-settings.ts';
import { createTerminals } from './containers/terminals.ts';
import type { Ctx, Deps } from './context.ts';
import { heldRounds } from './conversations/held.ts';
import { recoverRounds } from './conversations/recover.ts';
import { makeParts, secretsOf, type CoreOptions, type CoreParts } from './core-parts.ts';
import { tellFailure } from './database-away.ts';
import { noEngines } from './engines/contract.ts';
import { createLocks } from './engines/locks.ts';
import { type EventBus } from './events.ts';
import { readSetting, checkFingerprint } from './fingerprint.ts';
import { createHeldFrames } from './frames/hold.ts';
import { recoverGraphRuns } from './graphs/recover.ts';
import { createJournalStore } from './journal/store.ts';
import { type Limits } from './limits/limits.ts';
import { noProviders } from './models/contract.ts';
import { noMailer } from './notifications/contract.ts';
import { createHeld } from './pending-objects.ts';
import type { WayIn } from './ports.ts';
import { say } from './reasons.ts';
import { limitsOfRuns } from './runs/kinds.ts';
import { createRuns } from './runs/runs.ts';
import { noAccounts } from './servers/accounts-port.ts';
import { localPerson } from './sign-ins/store.ts';
import { watchForWebhooks } from './webhooks/watch.ts';

/** What is known about where a request came from. */
export interface RequestFacts {
  requestId?: string;
  /** What the request is a part of. */
  trace?: Span | null;
  signal?: AbortSignal;
  address?: string | null;
  /** User agent. */
  client?: string | null;
  way?: WayIn;
  expiresAt?: Date | null;
}

/** The domain of one process, put together. */
export interface Core {
  ctxFor(actor: Actor, request?: RequestFacts): Ctx;
  authenticate(credentials: Credentials): Promise<Authenticated>;
  recall(credentials: Credentials): Actor | null;
  expiryOf(credentials: Credentials): Date | null;
  authenticator: Authenticator;
  /** What every context is made of. */
  deps: Deps;
  /** For the runtime: what a credential may see at an endpoint. */
  select(credential: Pick<Credential, 'key'>, endpoint: string): EndpointSelection | null;
  /** For the runtime: what is said of an endpoint that `select` has nothing for, to who may see what is there. */
  whyClosed(credential: Pick<Credential, 'key'>, endpoint: string): string | null;
  /** For the runtime: what keeps a tool from a caller, for the record of the call. */
  whyHidden: WhyHidden;
  /** For the runtime: in whose name servers are opened, and with what. */
  personal: Personal;
  /** For the runtime and the documented API: what a minute allows. */
  limits: Limits;
  /** What can be set while the hub runs. */
  settings: LiveSettings;
  events: EventBus;
  /** Set once `start` is through. */
  instanceId(): string;
  /** Makes the first admin of an empty hub; a generated password is for the caller to store. */
  bootstrapAdmin(options: {
    username?: string;
    password?: string;
  }): Promise<{ username: string; generatedPassword: string | null } | null>;
  /** Call records that were lost since the start. */
  droppedRecords(): number;
  /** Checks the key, seeds the catalogs, makes the runtime follow the database. */
  start(): Promise<void>;
  /** Writes what waits. Close the runtime first: its last calls are still recorded. */
  /**
   * Gives up what goes on, before what it calls ends: a call of a conversation that ends with its server would count as
   * failed, and the next hub makes it again instead.
   */
  endRuns(): Promise<void>;
  stop(): Promise<void>;
}

const reconcileEveryMs = 30_000;
const shareEveryMs = 1_000;
const measureEveryMs = 10_000;

function makeDeps(options: CoreOptions, parts: CoreParts): Readonly<Deps> {
  const { db, runtime, secrets, policy, clock, log } = options;
  return Object.freeze<Deps>({
    db,
    hub: {
      runtime,
      accounts: options.accounts ?? noAccounts,
      held: createHeld({ most: policy.caps.runsPerPerson }),
      heldFrames: createHeldFrames(),
      stats: parts.stats,
      gauges: parts.gauges,
      secretsOf: (serverId) => secretsOf(parts, serverId),
      missingSlots: (serverId, person) => parts.slots.missing(serverId, person),
      flushCalls: () => parts.recorder.flush(),
      select: (credential, endpoint) => parts.selector.select(credential, endpoint),
      selectServer: (credential, serverId) => parts.selector.selectServer(credential, serverId),
      switches: (serverId) => parts.selector.switches(serverId),
      resourceOfServer: (serverId) => parts.selector.resource(serverId),
      reconcile: (affected) => parts.reconciler.now(affected),
      tellReplicas: (events) => parts.replicas.tell(events),
      registering: new Set<string>(),
    },
    access: {
      directory: parts.directory,
      sessions: parts.sessions,
      throttle: parts.throttle,
      refusals: createRefusals(() => (clock.elapsed ?? clock.now)()),
      limits: parts.limits,
    },
    docker: {
      engines: options.engines ?? noEngines,
      terminals: createTerminals(),
      locks: createLocks(),
    },
    callbacks: options.callbacks ?? noCallbacks,
    signIns: parts.signIns,
    mailer: options.mailer ?? noMailer,
    models: { providers: options.providers ?? noProviders },
    simulator: parts.simulator,
    journal: { hubId: parts.hubs.id },
    logs: parts.logs,
    alerts: parts.alerts,
    runs: createRuns({ clock, log, limits: limitsOfRuns(policy.caps), store: createJournalStore(db) }),
    shutDown: options.shutDown ?? null,
    jobs: parts.jobs,
    events: parts.events,
    settings: parts.settings,
    secrets,
    clock,
    log,
    tracer: options.tracer ?? null,
    policy,
  });
}

/** Keeps memory and history in step with what happens; gives the functions that end it. */
function follow(
  { hub: { runtime }, events, runs }: Deps,
  parts: CoreParts,
  health: CoreOptions['health'],
): (() => void)[] {
  const endHealth = health?.subscribe(({ up }) => {
    parts.alerts.onDatabase(up);
    // What happened meanwhile is not known, and records wait.
    if (up) void Promise.all([parts.reconciler.now(), parts.recorder.flush()]);
  });
  const endEvents = events.subscribe((event) => {
    parts.authenticator.onEvent(event);
    if (event.type === 'session.ended') {
      parts.selector.endSession(event.sid);
      // Its MCP sessions are still open: they find that they see nothing any more.
      runtime.selectionsChanged();
    }
    if (event.type === 'server.changed') parts.signIns.forgetServer(event.id, false);
    if (event.type === 'server.sign-in') {
      parts.signIns.forget(event.id, event.userId);
      // A hub without accounts has one person, whose rows name nobody.
      if (event.userId === null) parts.signIns.forget(event.id, localPerson);
    }
    if (event.type === 'app-state.changed') parts.simulator.forgetState(event.id);
    if (event.type === 'server.removed') {
      parts.stats.forget(event.id);
      parts.alerts.forget(event.id);
      parts.signIns.forgetServer(event.id, true);
      runs.lose({ type: 'server', subject: event.id }, say('serverRemoved', { id: event.id }));
    }
  });
  const endRuntime = runtime.subscribe((event) => {
    parts.alerts.onRuntime(event);
    if (event.type === 'catalog') parts.catalogs.store(event.serverId, event.catalog);
    if (event.type !== 'call') return;
    parts.stats.record(event.record);
    parts.recorder.add(event.record);
  });
  return [endEvents, endRuntime, ...(endHealth ? [endHealth] : [])];
}

/** Puts the domain together; `start` brings it to life. */
export function createCore(options: CoreOptions): Core {
  const { db, runtime, secrets, clock } = options;
  const ctxFor: Core['ctxFor'] = (actor, request = {}) => ({
    ...deps,
    actor,
    requestId: request.requestId ?? randomUUID(),
    trace: request.trace ?? null,
    signal: request.signal ?? new AbortController().signal,
    address: request.address ?? null,
    client: request.client ?? null,
    way: request.way ?? null,
    expiresAt: request.expiresAt ?? null,
  });
  const parts = makeParts(options, ctxFor, {
    ...heldRounds(() => deps.runs),
    take(runs) {
      const ctx = ctxFor({ type: 'system', job: 'recover' });
      void recoverRounds(ctxFor, ctx, runs);
      void recoverGraphRuns(ctxFor, ctx, runs);
    },
  });
  const deps = makeDeps(options, parts);
  const { authenticator, reconciler, recorder, catalogs } = parts;
  let instance = '';
  let restored: Promise<void> = Promise.resolve();
  const ends: (() => void)[] = [];
  let endWebhooks: () => Promise<void> = () => Promise.resolve();
  return {
    ctxFor,
    authenticate: (credentials) => authenticator.authenticate(credentials),
    recall: (credentials) => authenticator.recall(credentials),
    expiryOf: (credentials) => authenticator.expiryOf(credentials),
    authenticator,
    deps,
    select: deps.hub.select,
    whyHidden: parts.selector.whyHidden,
    personal: parts.personal,
    whyClosed: (credential, endpoint) => parts.selector.whyClosed(credential, endpoint),
    limits: deps.access.limits,
    settings: deps.settings,
    events: deps.events,
    instanceId: () => instance,
    bootstrapAdmin: (admin) => bootstrapAdmin({ db, clock }, admin),
    droppedRecords: () => recorder.dropped,
    async start() {
      await checkFingerprint(db, secrets);
      instance = await readSetting(db, 'instanceId', () => randomUUID());
      await shipAlertRules(db);
      for (const { serverId, catalog } of await catalogs.loadAll()) {
        runtime.seedCatalog(serverId, catalog);
        parts.alerts.seed(serverId, catalog);
      }
      ends.push(...follow(deps, parts, options.health));
      endWebhooks = watchForWebhooks(ctxFor({ type: 'system', job: 'webhooks' }));
      restored = restoreCallStats(db, parts.stats, { now: clock.now(), startedAt: options.policy.startedAt }).catch(
        (error: unknown) => tellFailure(options.log, 'warn', error, 'Figures begin with no calls of before the start'),
      );
      await deps.runs.restore();
      // Before the first look at the database: what changes after it is heard of.
      await parts.replicas.start();
      await reconciler.now();
      reconciler.start(reconcileEveryMs);
      if (options.policy.shareLimits) parts.sharing.start(shareEveryMs);
      if (options.runJobs === false) return;
      parts.series.start(measureEveryMs);
      await Promise.all([parts.jobs.start(), parts.hubs.start()]);
    },
    endRuns: () => deps.runs.close(),
    async stop() {
      const jobsStopped = parts.jobs.stop();
      for (const end of ends.splice(0)) end();
      await endWebhooks();
      parts.logs.close();
      deps.docker.terminals.closeAll();
      await restored;
      await deps.runs.close();
      await parts.hubs.stop();
      await Promise.all([
        parts.series.stop(),
        reconciler.stop(),
        parts.sharing.stop(),
        parts.replicas.stop(),
        jobsStopped,
      ]);
      await Promise.all([recorder.stop(), catalogs.flush(), parts.simulator.stop()]);
    },
  };
}
