import type { Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import { createStreams, type ShownSettings } from '@switchboard/api';
import type { Core } from '@switchboard/core';
import type { HubLog } from '@switchboard/core/logs';
import type { Connection } from '@switchboard/db';
import type { Runtime, Tracer } from '@switchboard/mcp-runtime/types';
import type { Config } from './config.ts';
import { createApp } from './http/app.ts';
import { cookieName, identify } from './http/authenticate.ts';
import { createBodies } from './http/bodies.ts';
import { createDrain, type Drain } from './http/drain.ts';
import { listen, stopListening } from './http/listen.ts';
import { createListener } from './http/listener.ts';
import { refusalHeaders } from './http/rate-limit.ts';
import { createSockets, type Sockets } from './http/sockets.ts';
import { createOauthDoor, type OauthDoor } from './oauth/door.ts';
import { withoutCredentials } from './process/child-env.ts';
import { makeFolder } from './process/data-dir.ts';
import { createLifecycle } from './process/lifecycle.ts';
import { createProductDoor } from './simulator/door.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { openTelemetry } from './telemetry/open.ts';
import { openDatabase } from './wiring/database.ts';
import { type Domain, type FirstAdmin, startDomain } from './wiring/domain.ts';
import { hub } from './wiring/hub.ts';

export interface ServerOptions {
  config: Config;
  log: Logger;
  /** What is kept of what `log` writes. Default: nothing. */
  hubLog?: HubLog;
  /** An open, migrated database to use instead of the configured one; whoever gives it closes it. */
  connection?: Connection;
  onFirstAdmin?: (admin: FirstAdmin) => void;
  /** An admin asks over HTTP that the process ends, where ALLOW_SHUTDOWN lets them. Default: only the hub stops. */
  onShutdown?: () => void;
}

export interface RunningServer {
  /** Where it listens, without a final slash. */
  url: string;
  core: Core;
  runtime: Runtime;
  stop(): Promise<void>;
}

/** Connections at /ws that one person may have. */
const socketsPerPerson = 32;
/** How long the last bytes of answers may take to leave. */
const lastBytesMs = 2000;

function settingsOf(config: Config, { noOwnAccounts }: Domain): ShownSettings {
  return {
    authMode: config.authMode,
    allowPrivateUrls: config.allowPrivateUrls,
    database: config.databaseUrl === null ? 'embedded' : 'external',
    bodyLimit: config.bodyLimit,
    allowedHosts: config.allowedHosts,
    allowedOrigins: config.allowedOrigins,
    containerBaseImage: config.containerBaseImage,
    proxies: {
      http: config.proxies?.http?.uri ?? null,
      https: config.proxies?.https?.uri ?? null,
      noProxy: config.proxies?.noProxy ?? '',
    },
    childEnv: Object.entries(config.childEnv).map(([name, value]) => ({ name, value: withoutCredentials(value) })),
    noOwnAccounts,
    traceUrl: config.traceUrl,
  };
}

interface WebOptions {
  config: Config;
  oauth: OauthDoor | null;
  log: Logger;
  domain: Domain;
  metrics: Metrics;
  drain: Drain;
  sockets: Sockets;
  tracer: Tracer | null;
  whyNotReady(): Promise<string | null>;
}

function createWeb({ config, log, domain, oauth, metrics, drain, sockets, tracer, whyNotReady }: WebOptions): Server {
  const { core, runtime } = domain;
  const sessionCookieName = cookieName(domain.secrets.fingerprint);
  const bodies = createBodies(config.bodyLimit);
  const app = createApp({
    config,
    log,
    core,
    metrics,
    drain,
    whyNotReady,
    sessionCookieName,
    bodies,
    streams: createStreams(config.caps.streamsPerPerson),
    instance: { ...hub, publicUrl: config.publicUrl },
    settings: settingsOf(config, domain),
  });
  const web = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return createListener({
    config,
    bodies,
    log,
    runtime,
    drain,
    sockets,
    tracer,
    products: createProductDoor({ core, bodies }),
    oauth,
    web: (request, response) => web(request, response),
    identify: (header) => identify(core, header, sessionCookieName, true),
    refusalHeaders: refusalHeaders(core),
  });
}

function openOauth(config: Config, log: Logger, { core, secrets }: Domain): OauthDoor | null {
  const sessionCookieName = cookieName(secrets.fingerprint);
  return createOauthDoor({ config, core, log, keys: secrets.oauthKeys, sessionCookieName, proxies: config.proxies });
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Starts a whole hub in this process. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, connection: given, onFirstAdmin = () => undefined } = options;
  const life = createLifecycle(log);
  let ready = false;
  makeFolder('DATA_DIR', config.dataDir, 0o711);
  if (config.stacksDirGiven) makeFolder('STACKS_DIR', config.stacksDir, 0o700);
  const telemetry = await life.start({
    name: 'telemetry',
    start: () => openTelemetry(config.telemetry, { log, version: hub.version }),
    stop: (running) => running.stop(),
  });
  const { tracer } = telemetry;
  const connection = given ?? (await openDatabase(config, log, life));
  const { health } = connection;
  // The embedded database has one hub; on one of yours there may be more.
  const hear = config.databaseUrl === null ? null : connection.listen;
  // Which port is free is known once it listens.
  const local = { port: config.port };
  const domain = await life.start({
    name: 'domain',
    start: () =>
      startDomain({
        config,
        log,
        ...(options.hubLog && { hubLog: options.hubLog }),
        connection,
        tracer,
        listen: hear,
        localUrl: () => `http://127.0.0.1:${local.port}`,
        onFirstAdmin,
        shutDown: options.onShutdown ?? (() => void stop()),
      }),
    stop: (running) => running.stop(),
    stopTimeoutMs: 15_000,
  });
  const metrics = await life.start({
    name: 'metrics',
    start: () =>
      createMetrics({
        runtime: domain.runtime,
        events: domain.core.events,
        database: { isUp: () => health.state.up, lost: () => domain.core.droppedRecords() },
        jobs: domain.core.deps.jobs,
        version: hub.version,
      }),
    stop: (running) => running.close(),
  });
  await life.start({
    name: 'sent metrics',
    start: () => telemetry.sendMetrics(metrics.registry),
    stop: (running) => running.stop(),
  });
  const { runtime } = domain;
  const drain = createDrain({ delayMs: config.drainDelayMs, timeoutMs: config.drainTimeoutMs, runtime });
  async function stop() {
    await drain.run();
    await life.stop();
  }
  async function whyNotReady(): Promise<string | null> {
    if (!ready) return 'The hub is starting.';
    if (drain.begun) return 'The hub is stopping.';
    const state = await health.check();
    return state.up ? null : `The database is away: ${state.reason}`;
  }
  const sockets = createSockets({ core: domain.core, streams: createStreams(socketsPerPerson) });
  const oauth = await life.start({
    name: 'sign-in of programs',
    start: () => openOauth(config, log, domain),
    stop: (running) => running?.close(),
  });
  const server = createWeb({ config, log, domain, oauth, metrics, drain, sockets, tracer, whyNotReady });
  const port = await life.start({
    name: 'listener',
    start: () => listen(server, config),
    stop() {
      sockets.close();
      return stopListening(server, lastBytesMs);
    },
  });
  local.port = port;
  ready = true;
  return {
    url: `http://${hostInUrl(config.host)}:${port}`,
    core: domain.core,
    runtime: domain.runtime,
    stop,
  };
}
