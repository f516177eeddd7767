import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EndpointSelection, Runtime, ServerSpec } from '@switchboard/mcp-runtime/types';
import { createRuntime } from '../../packages/mcp-runtime/src/runtime.ts';
import { createLinks } from '../../packages/mcp-runtime/src/upstream/links/index.ts';
import { listen } from './mcp/node-web.ts';
import type { Upstream, UpstreamConfig } from './mcp/upstreams.ts';

/** The runtime behind a bare listener: no database, no users, one endpoint for each server and one for all. */
export interface RuntimeHub extends AsyncDisposable {
  readonly origin: string;
  readonly headers: Record<string, string>;
  readonly runtime: Runtime;
  url(endpoint?: string): string;
  sseUrl(endpoint?: string): string;
  add(id: string, upstream: Upstream | UpstreamConfig, options?: Partial<ServerSpec>): Promise<void>;
}

const limits = { startTimeoutMs: 20_000, callTimeoutMs: 30_000, maxCallMs: 60_000, idleMs: 0, maxInstances: 64 };

function launchOf(config: UpstreamConfig): ServerSpec['launch'] {
  if (config.kind !== 'stdio') return { kind: config.kind, url: config.url, headers: {}, allowPrivate: true };
  return { kind: 'stdio', command: config.command, args: config.args, env: config.env ?? {}, cwd: null };
}

export async function startRuntimeHub(): Promise<RuntimeHub> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'runtime-'));
  const links = createLinks({ process: { path: process.env['PATH'] ?? '', home: dataDir } });
  const specs = new Map<string, ServerSpec>();
  const selections = new Map<string, EndpointSelection>();
  function selectionOf(endpoint: string): EndpointSelection | null {
    const servers = [...specs.keys()].filter((id) => endpoint === 'all' || id === endpoint);
    if (servers.length === 0 && endpoint !== 'all') return null;
    const known = selections.get(endpoint);
    if (known !== undefined && known.servers.length === servers.length) return known;
    const selection: EndpointSelection = {
      endpoint,
      title: endpoint,
      prefixed: endpoint === 'all',
      servers: servers.map((serverId) => ({ serverId, overrides: {} })),
    };
    selections.set(endpoint, selection);
    return selection;
  }
  const runtime = createRuntime({
    openLink: links.open,
    select: (_credential, endpoint) => selectionOf(endpoint),
    hub: { name: 'switchboard', version: '0.0.0' },
  });
  const token = randomBytes(16).toString('hex');
  const listening = await listen((request, response) => {
    const host = request.headers.host ?? '';
    const origin = request.headers.origin;
    const [, base, endpoint] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
    if (!host.startsWith('127.0.0.1:') || (origin !== undefined && !origin.startsWith('http://127.0.0.1:'))) {
      return void response.writeHead(403).end();
    }
    const [, credential] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (credential === undefined || !credential.startsWith(token)) return void response.writeHead(401).end();
    runtime.handleHttp(request, response, {
      credential: { key: credential, person: credential },
      endpoint: endpoint ?? 'all',
      route: base === 'sse' ? 'sse' : base === 'messages' ? 'messages' : 'streamable',
      messagesPath: '/messages',
      bodyLimit: 10_000_000,
      requestId: 'test',
    });
  });
  function at(base: string, endpoint?: string): string {
    return `${listening.origin}/${base}${endpoint ? `/${endpoint}` : ''}`;
  }
  return {
    origin: listening.origin,
    headers: { authorization: `Bearer ${token}` },
    runtime,
    url: (endpoint) => at('mcp', endpoint),
    sseUrl: (endpoint) => at('sse', endpoint),
    add: async (id, upstream, options = {}) => {
      const config = 'config' in upstream ? upstream.config : upstream;
      const isolation = config.kind === 'stdio' ? 'user' : 'session';
      const spec = { id, revision: '1', desired: 'on' as const, launch: launchOf(config), isolation, limits: limits };
      specs.set(id, { ...spec, ...options } as ServerSpec);
      runtime.apply([...specs.values()]);
      runtime.selectionsChanged();
      const settled = await runtime.until(
        id,
        ({ phase }) => phase === 'running' || phase === 'error',
        AbortSignal.timeout(20_000),
      );
      if (settled.phase === 'error') throw new Error(`${id}: ${settled.error ?? settled.message}`);
    },
    [Symbol.asyncDispose]: async () => {
      await runtime.close();
      await links.close();
      await listening.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
