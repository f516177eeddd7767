import { createAppScript } from './app-script.ts';
import { scriptedProgram } from './scripted-program.ts';
import { serveV1Http } from './scripted-v1.ts';
import { serveV2Http } from './scripted-v2.ts';

/** A server as one would register it at the hub. */
export type UpstreamConfig =
  | { kind: 'stdio'; command: string; args: string[]; env?: Record<string, string> }
  | { kind: 'sse' | 'streamable-http'; url: string };

export interface Upstream extends AsyncDisposable {
  /** Shown in the server's results. */
  name: string;
  config: UpstreamConfig;
}

function stdio(name: string, sdk: string): Upstream {
  return {
    name,
    config: { kind: 'stdio', command: process.execPath, args: [scriptedProgram, '--sdk', sdk, '--name', name] },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function http(name: string, sdk: 'v1' | 'modern' | 'legacy' | 'dual'): Promise<Upstream> {
  const running = sdk === 'v1' ? await serveV1Http(name) : await serveV2Http(name, sdk);
  return {
    name,
    config: { kind: 'streamable-http', url: running.url },
    [Symbol.asyncDispose]: running.close,
  };
}

/** A server with user interfaces, in both eras. */
export async function appServer(name: string): Promise<Upstream> {
  const { url, close } = await serveV2Http(name, 'dual', 0, createAppScript);
  return { name, config: { kind: 'streamable-http', url }, [Symbol.asyncDispose]: close };
}

async function sse(name: string): Promise<Upstream> {
  const running = await serveV1Http(name);
  return { name, config: { kind: 'sse', url: running.sseUrl }, [Symbol.asyncDispose]: running.close };
}

/** A server of every era over every transport; the name tells which. */
export const upstreamPrograms = {
  'v1-stdio': async (name) => stdio(name, 'v1'),
  'v1-http': (name) => http(name, 'v1'),
  'v1-sse': sse,
  'v2-legacy-http': (name) => http(name, 'legacy'),
  'v2-dual-http': (name) => http(name, 'dual'),
  'v2-dual-stdio': async (name) => stdio(name, 'dual'),
  'v2-modern-http': (name) => http(name, 'modern'),
  'v2-modern-stdio': async (name) => stdio(name, 'modern'),
} satisfies Record<string, (name: string) => Promise<Upstream>>;

export type UpstreamKind = keyof typeof upstreamPrograms;
export const upstreamKinds = Object.keys(upstreamPrograms) as UpstreamKind[];
