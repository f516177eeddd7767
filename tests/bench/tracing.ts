import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { measure, median, type Target } from './driver.ts';
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

const rounds = 9;
const load = { concurrency: 16, calls: 3000, warmup: 300 };
const ways = [
  { title: 'call, no traces', share: null },
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

async function startWith(share: string | null, url: string, upstream: string): Promise<HubProcess> {
  const env = share === null ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_SAMPLER_ARG: share };
  const hub = await startHub({ bundled: true, env });
  await hub.add('bare', { kind: 'streamable-http', url: upstream });
  return hub;
}

function targetOf(hub: HubProcess): Target {
  return { name: 'hub', at: { url: hub.url('bare'), headers: hub.headers }, pid: hub.pid, tool: 'echo' };
}

/** Measures calls at three hubs in turn, so that what else the machine does falls on all of them. */
export async function measureTracing(): Promise<TracingRow[]> {
  using collector = await startCollector();
  await using bare = await start([here('upstream-http.ts')]);
  const hubs: HubProcess[] = [];
  try {
    for (const { share } of ways) hubs.push(await startWith(share, collector.url, `${bare.line}/mcp?tools=5`));
    const taken: number[][] = ways.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, hub] of hubs.entries()) {
        const { cpuMsPerCall, errors } = await measure(targetOf(hub), load);
        if (errors > 0) throw new Error(`${errors} calls failed`);
        taken[index]?.push(cpuMsPerCall * 1000);
      }
    }
    if (collector.bytes() === 0) throw new Error('no trace was sent');
    return ways.map(({ title, share }, index) => {
      const own = taken[index] ?? [];
      const more = own.map((value, round) => (value / (taken[0]?.[round] ?? Number.NaN) - 1) * 100);
      return { title, share, microseconds: median(own), morePercent: median(more) };
    });
  } finally {
    for (const hub of hubs) await hub[Symbol.asyncDispose]();
  }
}
