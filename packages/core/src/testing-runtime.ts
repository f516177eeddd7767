import type {
  CallRecord,
  Catalog,
  EndpointSelection,
  Exposure,
  InProcessCall,
  JsonObject,
  LogLine,
  Phase,
  ProbeResult,
  Runtime,
  RuntimeEvent,
  ServerSpec,
  ServerStatus,
} from '@switchboard/mcp-runtime/types';
import { isOffered } from './selected.ts';

/** A runtime that starts nothing: it does what the test scripts, and notes what it was asked. */
export interface FakeRuntime extends Runtime {
  specs: ServerSpec[];
  /** Every instruction in order, for example `stop files 30000`. */
  asked: string[];
  calls: InProcessCall[];
  /** Ids whose start fails, with the reason. */
  failing: Map<string, string>;
  /** Until when certificates of servers are valid. */
  certificates: Map<string, number>;
  /** Answers calls; the default echoes the arguments. */
  answer: (call: InProcessCall) => Promise<JsonObject>;
  tell(event: RuntimeEvent): void;
  setCatalog(serverId: string, tools: readonly string[]): void;
  addLog(line: Partial<LogLine> & { serverId: string; message: string }): void;
  selectionChanges: number;
}

export function makeCatalog(tools: readonly string[], more: Partial<Catalog> = {}): Catalog {
  return {
    protocolVersion: '2025-11-25',
    supportedVersions: ['2025-11-25'],
    serverInfo: { name: 'fake', version: '1' },
    capabilities: { tools: {} },
    instructions: null,
    tools: tools.map((name) => ({ name, description: `Does ${name}`, inputSchema: { type: 'object' } })),
    prompts: [],
    resources: [],
    resourceTemplates: [],
    ...more,
  };
}

export function makeStatus(id: string, more: Partial<ServerStatus> = {}): ServerStatus {
  return {
    id,
    phase: 'running',
    health: 'healthy',
    asleep: false,
    needsSignIn: false,
    message: 'Running.',
    messageReason: null,
    error: null,
    errorReason: null,
    pid: 4_711,
    startedAt: Date.now(),
    lastStartAt: Date.now(),
    nextRetryAt: null,
    failures: 0,
    lastActivityAt: null,
    instances: 1,
    inFlight: 0,
    protocolVersion: '2025-11-25',
    serverInfo: null,
    toolCount: 0,
    ...more,
  };
}

let records = 0;
export function makeRecord(more: Partial<CallRecord> = {}): CallRecord {
  return {
    id: `call-${(records += 1)}`,
    startedAt: Date.now(),
    durationMs: 5,
    serverId: 'files',
    endpoint: 'all',
    method: 'tools/call',
    name: 'read',
    outcome: 'ok',
    errorCode: null,
    errorMessage: null,
    credential: 'local',
    clientName: 'test',
    via: 'mcp',
    requestId: null,
    ...more,
  };
}

const phases: readonly Phase[] = ['stopped', 'starting', 'running', 'stopping', 'error'];

/** Names as the runtime gives them, as long as they are short and plain. */
function exposureOf(selection: EndpointSelection, catalogOf: (serverId: string) => Catalog | null): Exposure {
  const seen = new Map<string, string>();
  const tools: Exposure['tools'] = [];
  const collisions: Exposure['collisions'] = [];
  for (const server of selection.servers) {
    for (const definition of catalogOf(server.serverId)?.tools ?? []) {
      const { serverId } = server;
      const name = String(definition['name']);
      if (!isOffered(server, 'tool', name)) continue;
      const own = server.overrides.tool?.[name]?.rename ?? name;
      const exposedName = selection.prefixed ? `${server.alias ?? serverId}__${own}` : own;
      const takenBy = seen.get(exposedName);
      if (takenBy === undefined) tools.push({ serverId, name, exposedName, definition, tokens: 10 });
      else collisions.push({ type: 'tool', exposedName, serverId, name, takenBy });
      seen.set(exposedName, takenBy ?? serverId);
    }
  }
  const none = { prompts: [], resources: 0, resourceTemplates: 0, duplicates: [] };
  return { tools, tokens: tools.length * 10, collisions, ...none };
}

function fakeStatuses(failing: ReadonlyMap<string, string>) {
  const statuses = new Map<string, ServerStatus>();
  function launch(id: string): ServerStatus {
    const reason = failing.get(id);
    const broken = { phase: 'error', health: 'unhealthy', error: reason ?? null, message: reason ?? '' } as const;
    const status = makeStatus(id, reason === undefined ? {} : { ...broken, pid: null, startedAt: null, failures: 1 });
    statuses.set(id, status);
    return status;
  }
  function halt(id: string) {
    void statuses.set(id, makeStatus(id, { phase: 'stopped', pid: null, startedAt: null, message: 'Stopped.' }));
  }
  return { statuses, launch, halt };
}

type Steering = Pick<Runtime, 'apply' | 'status' | 'statuses' | 'until' | 'settled' | 'stop' | 'restart' | 'metrics'>;
type Fakes = ReturnType<typeof fakeStatuses>;

/** Follows the specs and instructions, on paper. */
function fakeSteering(fake: () => FakeRuntime, { statuses, launch, halt }: Fakes): Steering {
  return {
    apply(specs) {
      const before = new Map(fake().specs.map((spec) => [spec.id, spec]));
      fake().specs = [...specs];
      for (const spec of specs) {
        const old = before.get(spec.id);
        before.delete(spec.id);
        if (old?.revision === spec.revision && old.desired === spec.desired) continue;
        if (spec.desired === 'on') launch(spec.id);
        else halt(spec.id);
      }
      for (const id of before.keys()) statuses.delete(id);
    },
    status: (serverId) => statuses.get(serverId) ?? null,
    statuses: () => [...statuses.values()],
    until: (serverId) => Promise.resolve(statuses.get(serverId) ?? makeStatus(serverId)),
    settled: (serverId) => Promise.resolve(statuses.get(serverId) ?? makeStatus(serverId)),
    stop(serverId, { graceMs }) {
      fake().asked.push(`stop ${serverId} ${graceMs}`);
      if (statuses.has(serverId)) halt(serverId);
      return Promise.resolve();
    },
    restart(serverId) {
      fake().asked.push(`restart ${serverId}`);
      return Promise.resolve(launch(serverId));
    },
    metrics: () => ({
      sessions: 0,
      instances: statuses.size,
      inFlight: 0,
      parked: 0,
      servers: Object.fromEntries(
        phases.map((phase) => [phase, [...statuses.values()].filter((status) => status.phase === phase).length]),
      ) as Record<Phase, number>,
    }),
  };
}

/** A scripted stand-in for the runtime, passed in by the context. */
export function createFakeRuntime(): FakeRuntime {
  const failing = new Map<string, string>();
  const catalogs = new Map<string, Catalog>();
  const lines: LogLine[] = [];
  const listeners = new Set<(event: RuntimeEvent) => void>();
  const steering = fakeSteering(() => fake, fakeStatuses(failing));
  const fake: FakeRuntime = {
    ...steering,
    specs: [],
    asked: [],
    calls: [],
    failing,
    certificates: new Map(),
    selectionChanges: 0,
    answer: (call) => Promise.resolve({ content: [{ type: 'text', text: JSON.stringify(call.params['arguments']) }] }),
    tell: (event) => listeners.forEach((listener) => listener(event)),
    programUsage: () => Promise.resolve([]),
    certificateExpiry: (serverId) => fake.certificates.get(serverId) ?? null,
    setCatalog: (serverId, tools) => void catalogs.set(serverId, makeCatalog(tools)),
    addLog: (line) =>
      void lines.push({
        seq: lines.length + 1,
        time: Date.now(),
        level: 'info',
        source: 'stderr',
        instance: null,
        ...line,
      }),
    seedCatalog: (serverId, catalog) => void catalogs.set(serverId, catalog),
    catalog: (serverId) => catalogs.get(serverId) ?? null,
    probe(spec, { adopt }): Promise<ProbeResult> {
      fake.asked.push(`probe ${spec.id}${adopt ? ' adopt' : ''}`);
      const error = failing.get(spec.id);
      const told = { durationMs: 1, logs: [] };
      if (error !== undefined)
        return Promise.resolve({ ok: false, error, errorReason: null, needsSignIn: false, ...told });
      return Promise.resolve({ ok: true, catalog: catalogs.get(spec.id) ?? makeCatalog(['echo']), ...told });
    },
    abandon: (serverId) => Promise.resolve(void fake.asked.push(`abandon ${serverId}`)),
    call(call) {
      fake.calls.push(call);
      return fake.answer(call);
    },
    isInDoubt: () => false,
    exposure: (selection) => exposureOf(selection, (serverId) => catalogs.get(serverId) ?? null),
    logs: (serverId) => lines.filter((line) => line.serverId === serverId),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    selectionsChanged: () => void (fake.selectionChanges += 1),
    personalChanged: () => undefined,
    handleHttp: () => undefined,
    drain: () => undefined,
    working: () => 0,
    endSessions: () => undefined,
    close: () => Promise.resolve(),
  };
  return fake;
}
