import { createRuntime, type RuntimeOptions } from './runtime.ts';
import type { Catalog, EndpointSelection, Launch, Runtime, RuntimeEvent, ServerSpec, ServerStatus } from './types.ts';
import { createFakeServers, type FakeServers } from './upstream/testing.ts';

export { createFakeServers, rejection, tool } from './upstream/testing.ts';
export type { FakeLink, FakeServers, Script } from './upstream/testing.ts';

/** A spec of a fake program; a revision of its own by default stays the same. */
export function specOf(
  id: string,
  over: Omit<Partial<ServerSpec>, 'limits'> & { limits?: Partial<ServerSpec['limits']> } = {},
): ServerSpec {
  const limits = { startTimeoutMs: 5000, callTimeoutMs: 5000, maxCallMs: 60_000, idleMs: 0, maxInstances: 64 };
  return {
    id,
    revision: '1',
    desired: 'on',
    launch: { kind: 'stdio', command: 'fake', args: [], env: {}, cwd: null },
    isolation: 'user',
    ...over,
    limits: { ...limits, ...over.limits },
  };
}

export function http(allowPrivate = true): Launch {
  return {
    kind: 'streamable-http',
    url: 'http://127.0.0.1:1/mcp',
    headers: {},
    allowPrivate,
  };
}

export function selectionOf(endpoint: string, serverIds: readonly string[]): EndpointSelection {
  const servers = serverIds.map((serverId) => ({ serverId, overrides: {} }));
  return { endpoint, title: endpoint, prefixed: endpoint === 'all', servers };
}

export function catalogOf(over: Partial<Catalog> = {}): Catalog {
  return {
    protocolVersion: '2025-11-25',
    supportedVersions: ['2025-11-25'],
    serverInfo: { name: 'fake', version: '1' },
    capabilities: { tools: {}, prompts: {}, resources: {} },
    instructions: null,
    tools: [],
    prompts: [],
    resources: [],
    resourceTemplates: [],
    ...over,
  };
}

export interface TestRuntime extends AsyncDisposable {
  runtime: Runtime;
  servers: FakeServers;
  events: RuntimeEvent[];
  /** The items that credentials may see, by endpoint; changed in place. */
  selections: Map<string, EndpointSelection>;
  /** Applies these specs, with an endpoint for each and one for all. */
  apply(...specs: ServerSpec[]): void;
  /** Resolves once the status holds. */
  until(id: string, done: (status: ServerStatus) => boolean): Promise<ServerStatus>;
  running(id: string): Promise<ServerStatus>;
}

/** A runtime over fake servers. */
export function createTestRuntime(
  script: Parameters<typeof createFakeServers>[0] = {},
  options: Partial<RuntimeOptions> = {},
): TestRuntime {
  const servers = createFakeServers(script);
  const selections = new Map<string, EndpointSelection>();
  const events: RuntimeEvent[] = [];
  const runtime = createRuntime({
    openLink: servers.openLink,
    select: (_credential, endpoint) => selections.get(endpoint) ?? null,
    hub: { name: 'hub', version: '1' },
    ...options,
  });
  runtime.subscribe((event) => events.push(event));
  const until: TestRuntime['until'] = (id, done) => runtime.until(id, done, AbortSignal.timeout(5000));
  return {
    runtime,
    servers,
    events,
    selections,
    apply(...specs) {
      const listed = specs.filter(({ desired }) => desired === 'on').map(({ id }) => id);
      selections.set('all', selectionOf('all', listed));
      for (const { id } of specs) selections.set(id, selectionOf(id, [id]));
      runtime.apply(specs);
    },
    until,
    running: (id) => until(id, ({ phase }) => phase === 'running'),
    [Symbol.asyncDispose]: () => runtime.close(),
  };
}
