import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import type { Connection } from './connection.ts';
import { median, openSessions } from './driver.ts';
import { here, start } from './programs.ts';

/** What traces add to the CPU of a call. */
export interface TracingRow {
  title: string;
  /** Of the traces that begin at the hub; null: there are none. */
  share: string | null;
  /** Of one call, the median of all rounds. */
  microseconds: number;
  /** More than without traces, in percent: the median of what each round says. */
  morePercent: number;
}

const rounds = 60;
const callers = 16;
const callsARound = 600;
const warmup = 5000;
/** The same twice says what the machine does to such figures. */
const ways = [
  { title: 'call, no traces', share: null },
  { title: 'call, no traces, once more', share: null },
  { title: 'call, 10 % of traces kept', share: '0.1' },
  { title: 'call, every trace kept', share: '1' },
];

/** Takes what it is sent, in this process: its work is none of the hub's. */
async function startCollector() {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Microseconds that the threads of a process were on a core: finer than what the kernel counts in ticks. */
function cpuOf(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1000;
}

async function fire(sessions: readonly Connection[], calls: number): Promise<void> {
  let left = calls;
  async function caller(session: Connection): Promise<void> {
    while (left > 0) {
      left -= 1;
      await session.request('tools/call', { name: 'echo', arguments: { text: 'hello' } });
    }
  }
  await Promise.all(sessions.map(caller));
}

interface Way {
  hub: HubProcess;
  sessions: Awaited<ReturnType<typeof openSessions>>;
  /** Microseconds of a call, by round. */
  taken: number[];
}

async function openWay(share: string | null, collector: string, upstream: string): Promise<Way> {
  const env = share === null ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_TRACES_SAMPLER_ARG: share };
  const hub = await startHub({ bundled: true, env });
  await hub.add('bare', { kind: 'streamable-http', url: upstream });
  const target = { name: 'hub', at: { url: hub.url('bare'), headers: hub.headers }, pid: hub.pid, tool: 'echo' };
  const sessions = await openSessions(target, callers);
  await fire(sessions.sessions, warmup);
  return { hub, sessions, taken: [] };
}

/** Measures calls at hubs in turn, a few at a time, so that what else the machine does falls on all of them. */
export async function measureTracing(): Promise<TracingRow[]> {
  using collector = await startCollector();
  await using bare = await start([here('upstream-http.ts')]);
  const open: Way[] = [];
  try {
    for (const { share } of ways) open.push(await openWay(share, collector.url, `${bare.line}/mcp?tools=5`));
    for (let round = 0; round < rounds; round += 1) {
      for (const { hub, sessions, taken } of round % 2 === 0 ? open : open.toReversed()) {
        const before = cpuOf(hub.pid);
        await fire(sessions.sessions, callsARound);
        taken.push((cpuOf(hub.pid) - before) / callsARound);
      }
    }
    if (collector.bytes() === 0) throw new Error('no trace was sent');
    const [first] = open;
    return ways.map(({ title, share }, index) => {
      const own = open[index]?.taken ?? [];
      const more = own.map((value, round) => (value / (first?.taken[round] ?? Number.NaN) - 1) * 100);
      return { title, share, microseconds: median(own), morePercent: median(more) };
    });
  } finally {
    for (const { hub, sessions } of open) {
      await sessions.close();
      await hub[Symbol.asyncDispose]();
    }
  }
}
