import { Pool } from 'undici';
import { processInfo } from '../support/processes.ts';
import { type Connection, openHttp, openPipes } from './connection.ts';
import type { Json } from './tools.ts';

/** Something that can be called: an MCP URL, or a child over its pipes. */
export interface Target {
  name: string;
  at: { url: string; headers: Record<string, string> } | { command: string; args: string[] };
  /** The process whose CPU counts; none for a direct connection. */
  pid: number | null;
  tool: string;
}

export interface Load {
  concurrency: number;
  calls: number;
  warmup: number;
}

export interface Measured {
  callsPerSecond: number;
  p50: number;
  p99: number;
  errors: number;
  /** Of the process measured; NaN for a direct connection. */
  cpuMsPerCall: number;
  rssMb: number;
  /** What failed, with how often. */
  kinds: Record<string, number>;
}

const mostSessions = 64;
const text = 'the quick brown fox jumps over it';

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(
    values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b),
    0.5,
  );
}

/** Opens as many sessions as the load needs, at most 64; a child has one pipe for all. */
export async function openSessions(target: Target, concurrency: number) {
  if ('command' in target.at) {
    const only = await openPipes(target.at.command, target.at.args);
    return { sessions: [only], close: only.close };
  }
  const url = new URL(target.at.url);
  const { headers } = target.at;
  const pool = new Pool(url.origin, { connections: concurrency, pipelining: 1, headersTimeout: 60_000 });
  const sessions: Connection[] = [];
  const path = url.pathname + url.search;
  while (sessions.length < Math.min(concurrency, mostSessions)) {
    sessions.push(
      await openHttp(pool, path, headers).catch((cause: unknown) => {
        throw new Error(`${target.name} at ${url.href} does not open a session: ${String(cause)}`, { cause });
      }),
    );
  }
  async function close(): Promise<void> {
    await Promise.allSettled(sessions.map((session) => session.close()));
    await pool.close();
  }
  return { sessions, close };
}

async function fire(sessions: Connection[], target: Target, load: Load, calls: number, latencies: number[]) {
  const kinds: Record<string, number> = {};
  let left = calls;
  const params: Json = { name: target.tool, arguments: { text: text } };
  async function caller(session: Connection): Promise<void> {
    while (left > 0) {
      left -= 1;
      const started = performance.now();
      try {
        const result = await session.request('tools/call', params);
        const [block] = result['content'] as { text?: string }[];
        if (block?.text !== text) throw new Error('the echo differs');
        latencies.push(performance.now() - started);
      } catch (error) {
        const kind = String(error).slice(0, 160);
        kinds[kind] = (kinds[kind] ?? 0) + 1;
      }
    }
  }
  const callers = Array.from({ length: load.concurrency }, (_, i) => sessions[i % sessions.length]);
  await Promise.all(callers.map((session) => (session ? caller(session) : Promise.resolve())));
  return kinds;
}

/** Loads a target once: warm-up, then the calls that count. */
export async function measure(target: Target, load: Load): Promise<Measured> {
  const { sessions, close } = await openSessions(target, load.concurrency);
  try {
    await fire(sessions, target, load, load.warmup, []);
    const latencies: number[] = [];
    const before = target.pid === null ? null : processInfo(target.pid);
    const started = performance.now();
    const kinds = await fire(sessions, target, load, load.calls, latencies);
    const seconds = (performance.now() - started) / 1000;
    const after = target.pid === null ? null : processInfo(target.pid);
    latencies.sort((a, b) => a - b);
    return {
      callsPerSecond: latencies.length / seconds,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      errors: Object.values(kinds).reduce((sum, count) => sum + count, 0),
      cpuMsPerCall: before && after ? (after.cpuMs - before.cpuMs) / latencies.length : Number.NaN,
      rssMb: after?.rssMb ?? Number.NaN,
      kinds,
    };
  } finally {
    await close();
  }
}

export interface ListMeasured {
  tools: number;
  firstMs: number;
  medianMs: number;
}

/** Reads the whole tool list some times over one session. */
export async function measureList(target: Target, times: number): Promise<ListMeasured> {
  const { sessions, close } = await openSessions(target, 1);
  const [session] = sessions;
  if (session === undefined) throw new Error('no session');
  try {
    const took: number[] = [];
    let tools = 0;
    for (let i = 0; i < times; i += 1) {
      const started = performance.now();
      tools = 0;
      let cursor: unknown;
      do {
        const result = await session.request('tools/list', cursor === undefined ? {} : { cursor });
        tools += (result['tools'] as unknown[]).length;
        cursor = result['nextCursor'];
      } while (cursor !== undefined);
      took.push(performance.now() - started);
    }
    return { tools, firstMs: took[0] ?? Number.NaN, medianMs: median(took) };
  } finally {
    await close();
  }
}
