import { createTestDb, type TestDb } from '@switchboard/db/testing';
import type { Role } from './access/schema.ts';
import type { KeyBounds, Person } from './access/subject.ts';
import { insertUser } from './access/users.ts';
import type { Actor } from './actor.ts';
import type { Callbacks } from './callbacks.ts';
import type { Ctx } from './context.ts';
import { createCore, type Core } from './core.ts';
import type { Engines, ManagedEngine } from './engines/contract.ts';
import type { ModelServices } from './models/contract.ts';
import type { Log, Policy } from './ports.ts';
import type { Listen } from './replicas.ts';
import { createSecrets, newId } from './secrets.ts';
import type { Accounts } from './servers/accounts-port.ts';
import type { CreateServer } from './servers/schema.ts';
import { createFakeRuntime, type FakeRuntime } from './testing-runtime.ts';

export * from './testing-runtime.ts';
export type { JobRequest } from './jobs/contract.ts';
export { jobType, shortWork } from './jobs/job-type.ts';
export { createJobs } from './jobs/jobs.ts';

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** An engine that is only spoken about: a test with it starts no container. */
export const spokenOf: Engines = {
  default: 'local',
  names: () => ['local'],
  get: () => ({ name: 'local' }) as ManagedEngine,
  policy: {
    refuseRegistry: () => Promise.resolve(null),
    allowedRoots: ['/srv'],
    engineSockets: [],
    realPath: (_engine, path) => path,
  },
};

export function makePolicy(more: Partial<Policy> = {}): Policy {
  return {
    version: '0.0.0',
    nodeVersion: process.versions.node,
    startedAt: Date.now(),
    authMode: 'required',
    allowRegistration: false,
    allowPrivateUrls: false,
    envPassthrough: {},
    allowedImages: [],
    containerBaseImage: null,
    toolSandbox: 'auto',
    caps: { serversPerPerson: 200, keysPerPerson: 100, runsPerPerson: 16 },
    claude: { models: [], maxTokens: 4_096, dockerContext: true },
    demoServer: { command: 'node', args: ['demo.js'] },
    ...more,
  };
}

export interface TestCore extends AsyncDisposable {
  core: Core;
  runtime: FakeRuntime;
  testDb: TestDb;
  /** The time is fixed until it is moved. */
  clock: {
    now(): number;
    elapsed(): number;
    advance(ms: number): void;
    /** Sets the machine's clock, by which no time has passed. */
    set(ms: number): void;
  };
  /** A context of this actor; an admin's where none is given. */
  ctx(actor?: Actor): Ctx;
  admin: Extract<Actor, { type: 'user' }>;
  /** Stores a user and gives the actor of a session. */
  addUser(role: Role, username?: string): Promise<Extract<Actor, { type: 'user' }>>;
  close(): Promise<void>;
}

/** Bounds of a key that is not confined. */
export const unbounded: KeyBounds = { endpoints: null, groups: null, servers: null, tools: null, resources: null };

/** A person with a role and nothing else. */
export function makePerson(role: Role, more: Partial<Person> = {}): Person {
  return {
    type: 'person',
    userId: 'u',
    role,
    grants: [],
    mustChangePassword: false,
    groups: new Map(),
    shares: new Map(),
    key: null,
    ...more,
  };
}

export const testPassword = 'correct horse battery staple';
export const testKey = new Uint8Array(32).fill(7);

/** A whole domain on a database of its own, with a fake runtime. */
export async function makeTestCore(
  policy: Partial<Policy> = {},
  listenOn?: (testDb: TestDb) => Listen,
  accounts?: Accounts,
  providers?: ModelServices['providers'],
  callbacks?: Callbacks,
): Promise<TestCore> {
  const testDb = await createTestDb();
  const runtime = createFakeRuntime();
  let time = Date.now();
  let passed = 0;
  const clock: TestCore['clock'] = {
    now: () => time,
    elapsed: () => passed,
    advance(ms) {
      time += ms;
      passed += ms;
    },
    set: (ms) => void (time = ms),
  };
  const secrets = createSecrets(testKey);
  const core = createCore({
    db: testDb.db,
    runtime,
    secrets,
    policy: makePolicy(policy),
    clock,
    log: silentLog,
    jobDatabase: testDb.connection,
    session: testDb.connection.session,
    // Tests write history of any age.
    runJobs: false,
    ...(listenOn && { listen: listenOn(testDb) }),
    ...(accounts && { accounts }),
    ...(providers && { providers }),
    ...(callbacks && { callbacks }),
  });
  await core.start();
  const addUser: TestCore['addUser'] = async (
    role,
    username = `${role}-${newId().slice(0, 6).replace(/[-_]/g, 'x')}`,
  ) => {
    const user = await insertUser(testDb.db, clock, { username, password: testPassword, role });
    await core.deps.hub.reconcile();
    return { type: 'user', id: user.id, username, role, sessionId: `sid-${user.id}` };
  };
  const admin = await addUser('admin', 'admin');
  async function close() {
    await core.stop();
    await testDb.close();
  }
  return {
    core,
    runtime,
    testDb,
    clock,
    ctx: (actor = admin) => core.ctxFor(actor),
    admin,
    addUser,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A small valid draft. */
export function makeDraft(more: Partial<CreateServer> = {}): CreateServer {
  return {
    id: 'files',
    kind: 'stdio',
    command: 'npx',
    args: ['-y', 'server-files'],
    ...more,
  };
}
export function makeRemoteDraft(more: Partial<CreateServer> = {}): CreateServer {
  return {
    id: 'remote',
    kind: 'streamable-http',
    url: 'https://example.com/mcp',
    ...more,
  };
}
