import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createProviders } from '@switchboard/agents';
import {
  type Core,
  createCore,
  createSecrets,
  messageOf,
  type Policy,
  type Secrets,
  type Listen,
} from '@switchboard/core';
import { seedSimulator } from '@switchboard/core/apps';
import { createTaskRoutes } from '@switchboard/core/calls';
import { loadRunnable } from '@switchboard/core/generated-tools';
import type { HubLog } from '@switchboard/core/logs';
import { addFirstModels } from '@switchboard/core/models';
import { importConfig, loadOwnUids } from '@switchboard/core/servers';
import type { Connection } from '@switchboard/db';
import { createLinks, createProcessRecords, createRuntime, type Links, removeOrphans } from '@switchboard/mcp-runtime';
import type {
  Admit,
  Personal,
  Reason,
  Runtime,
  Select,
  Tracer,
  WhyClosed,
  WhyHidden,
} from '@switchboard/mcp-runtime/types';
import { type Config, ConfigError } from '../config.ts';
import { openGraphLink } from '../graphs/link.ts';
import { credentialsIn } from '../process/child-env.ts';
import { type Children, createChildren, demoServer } from '../process/children.ts';
import { loadSecretKey } from '../process/secret-key.ts';
import { openStartRecord } from '../process/start-record.ts';
import { findDenoWith } from '../sandbox/deno-program.ts';
import { createDenoFolders } from '../sandbox/deno.ts';
import { openSandbox } from '../sandbox/open.ts';
import { openAppLink } from '../simulator/link.ts';
import { createCallbacks } from './callbacks.ts';
import { createContainers } from './containers.ts';
import { openEngines } from './engines.ts';
import { hub } from './hub.ts';
import { mailer } from './mailer.ts';

/** The admin an empty hub gets at its first start. */
export interface FirstAdmin {
  username: string;
  /** Null where ADMIN_PASSWORD was given. */
  generatedPassword: string | null;
}

/** The domain with the runtime it steers. */
export interface Domain {
  core: Core;
  runtime: Runtime;
  secrets: Secrets;
  /** Why servers cannot have accounts of their own; null where they can. */
  noOwnAccounts: Reason | null;
  stop(): Promise<void>;
}

/** Nobody talks to what a killed hub left, so it gets little time to end by itself. */
const orphanGraceMs = 300;
/** Servers end within their grace; what takes longer than this is found at the next start. */
const closeLimitMs = 10_000;
const clock = { now: () => Date.now(), elapsed: () => performance.now() };

function policyOf(config: Config, children: Children, localUrl: () => string): Policy {
  return {
    version: hub.version,
    nodeVersion: process.versions.node,
    startedAt: clock.now(),
    authMode: config.authMode,
    allowRegistration: config.allowRegistration,
    logLevel: config.logLevel,
    fixed: config.fixed,
    publicUrl: config.publicUrl,
    localUrl,
    allowPrivateUrls: config.allowPrivateUrls,
    envPassthrough: config.envPassthrough,
    childSecrets: Object.values(config.childEnv).flatMap(credentialsIn),
    shareLimits: config.databaseUrl !== null,
    allowedImages: config.containerImages,
    containerBaseImage: config.containerBaseImage,
    caps: config.caps,
    claude: config.claude,
    toolSandbox: config.toolSandbox,
    dataDir: config.dataDir,
    demoServer: demoServer(children),
  };
}

/** Applies the servers of MCP_CONFIG: what is there already follows the file. */
async function applyConfigFile(core: Core, file: string, log: Logger): Promise<void> {
  const ctx = core.ctxFor({ type: 'system', job: 'mcp-config' });
  const text = await readFile(file, 'utf8');
  const { entries } = await importConfig(ctx, { text, apply: true, onConflict: 'replace' });
  for (const { name, action, reason, ignored, literal } of entries) {
    // Entries replace what is there: one that is skipped has something else in its way.
    const isApplied = action === 'create' || action === 'replace';
    if (!isApplied) log.warn({ file, server: name, reason }, 'An entry of MCP_CONFIG was not applied');
    const isWhole = ignored.length === 0 && literal.length === 0;
    if (!isWhole)
      log.info({ file, server: name, ignored, literal }, 'Parts of an entry of MCP_CONFIG mean nothing here');
  }
}

async function prepare(core: Core, config: Config, log: Logger): Promise<FirstAdmin | null> {
  const password = config.adminPassword === null ? {} : { password: config.adminPassword };
  const admin = await core.bootstrapAdmin({ username: config.adminUsername, ...password });
  await core.start();
  await seedSimulator(core.ctxFor({ type: 'system', job: 'simulator' }), { demo: config.simulatorDemo });
  if (config.simulatorDemo)
    log.warn('SIMULATOR_DEMO is set: anybody who reaches this hub may call the simulated products with demo-token-123');
  await addFirstModels(core.ctxFor({ type: 'system', job: 'first-models' }), config.firstModels);
  if (config.mcpConfig) {
    await applyConfigFile(core, config.mcpConfig, log).catch((error: unknown) => {
      throw new ConfigError(`MCP_CONFIG: ${config.mcpConfig} cannot be applied: ${messageOf(error)}`);
    });
  }
  return admin;
}

/** Starts the domain on a database: ends what a killed hub left, then follows what is stored. */
export async function startDomain(options: {
  config: Config;
  log: Logger;
  /** What is kept of what `log` writes. */
  hubLog?: HubLog;
  connection: Connection;
  /** Begins traces of what no request asked for; null: there are none. */
  tracer: Tracer | null;
  /** Hears what other hubs on the database change; null where this one is alone. */
  listen: Listen | null;
  /** Where the hub answers on this machine. */
  localUrl: () => string;
  onFirstAdmin(admin: FirstAdmin): void;
  /** Begins to stop the process. */
  shutDown(): void;
}): Promise<Domain> {
  const { config, log, connection, tracer, listen } = options;
  const { db, health } = connection;
  const secrets = createSecrets(loadSecretKey(config));
  const children = createChildren(config, log);
  const { machine } = config;
  const records = path.join(config.dataDir, 'processes');
  const removed = await removeOrphans(records, { graceMs: orphanGraceMs });
  if (removed.length > 0) log.info({ count: removed.length }, 'Ended programs that an earlier run had left');
  await children.own.sweep(await loadOwnUids(db));
  const docker = openEngines(config);
  const { engines } = docker;
  const containers = createContainers({ engines, dataDir: config.dataDir, log });
  const links: Links = createLinks({
    process: { ...children.process, records: createProcessRecords(records) },
    containers: containers.engine,
    // The core is made with the runtime that opens them.
    apps: openAppLink(() => core.deps.simulator),
    generated: openSandbox({
      load: (serverId, reviewed) => loadRunnable(db, serverId, reviewed),
      engines,
      sandbox: config.toolSandbox,
      images: config.toolImages,
      findDeno: findDenoWith({
        program: config.toolDeno,
        folder: path.join(children.shared, 'deno'),
        env: { PATH: machine.path, HOME: machine.home, TMPDIR: machine.tmpdir, ...config.childEnv },
      }),
      folders: createDenoFolders(path.join(children.shared, 'tools')),
    }),
    graphs: openGraphLink(() => core),
    proxies: config.proxies,
    signIns: {
      header: (of) => core.deps.signIns.header(of),
      refused: (...asked) => core.deps.signIns.refused(...asked),
      needed: (of) => core.deps.signIns.needed(of),
    },
  });
  const callbacks = createCallbacks(config.proxies);
  const providers = createProviders({ proxies: config.proxies });
  // The runtime asks the core, which is made with the runtime.
  const select: Select = (credential, endpoint) => core.select(credential, endpoint);
  const whyClosed: WhyClosed = (credential, endpoint) => core.whyClosed(credential, endpoint);
  const whyHidden: WhyHidden = (...asked) => core.whyHidden(...asked);
  const personal: Personal = {
    standing: (...asked) => core.personal.standing(...asked),
    feeder: (...asked) => core.personal.feeder(...asked),
    refused: (...asked) => core.personal.refused(...asked),
    launch: (...asked) => core.personal.launch(...asked),
    unseen: (serverId) => core.personal.unseen(serverId),
  };
  const admit: Admit = ({ key }, serverId, tool) => core.limits.call(key, serverId, tool);
  const starts = openStartRecord({ file: path.join(config.dataDir, 'starts.json'), log, now: clock.now });
  const { watch, holds } = starts;
  const taskStore = createTaskRoutes(db, clock, log);
  const runtime = createRuntime({
    openLink: watch(links.open),
    certificateExpiry: links.certificateExpiry,
    select,
    whyClosed,
    whyHidden,
    admit,
    hub,
    caps: config.caps,
    holds,
    personal,
    taskStore,
  });
  runtime.subscribe(starts.heed);
  const policy = policyOf(config, children, options.localUrl);
  const { accounts } = children.own;
  const core: Core = createCore({
    db,
    health,
    runtime,
    engines,
    providers,
    callbacks,
    signInProtocol: links.signIn,
    mailer,
    accounts,
    secrets,
    policy,
    clock,
    log,
    tracer,
    ...(options.hubLog && { hubLog: options.hubLog }),
    jobDatabase: connection,
    jobPollMs: config.jobPollMs,
    session: connection.session,
    ...(listen && { listen }),
    ...(config.allowShutdown && { shutDown: options.shutDown }),
  });
  core.settings.follow(({ logging }) => {
    log.level = logging.level;
  });
  async function stop() {
    starts.close();
    await Promise.race([core.endRuns(), sleep(closeLimitMs, null, { ref: false })]);
    // An engine that hangs must not cost the records of the last calls.
    await Promise.race([runtime.close(), sleep(closeLimitMs, null, { ref: false })]);
    await Promise.all([core.stop(), taskStore.flush()]);
    await containers.close();
    await Promise.all([links.close(), providers.close(), callbacks.close()]);
    await docker.close();
  }
  try {
    const admin = await prepare(core, config, log);
    containers.follow(core, runtime);
    if (admin) options.onFirstAdmin(admin);
    return { core, runtime, secrets, noOwnAccounts: accounts.unavailable, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
