import { setTimeout as sleep } from 'node:timers/promises';
import { startHub, type HubProcess } from '../support/hub-process.ts';
import { openSession, type RawSession } from '../support/mcp/raw.ts';
import { processInfo } from '../support/processes.ts';
import { here, start } from './programs.ts';

/** What many events cost while many follow them over /ws. */
export interface SocketFigures {
  subscribers: number;
  offeredASecond: number;
  /** Events that the busiest subscriber got in a second, on the average. */
  mostASecond: number;
  /** Events that one subscriber got, and that it was told it missed, as a share of what was offered. */
  accountedFor: number;
  grownMb: number;
  /** tools/call at another server, in milliseconds. */
  idleP99: number;
  busyP99: number;
}

const subscribers = 20;
/** The log of one server takes 100 lines a second. */
const noisyServers = 20;
const linesASecond = 100;
const offeredASecond = noisyServers * linesASecond;
const measuredMs = 10_000;
const pauseMs = 10;

function rssMb(hub: HubProcess): number {
  return processInfo(hub.pid)?.rssMb ?? Number.NaN;
}

async function callFor(session: RawSession, ms: number): Promise<number> {
  const until = performance.now() + ms;
  const took: number[] = [];
  while (performance.now() < until) {
    const began = performance.now();
    await session.request('tools/call', { name: 'echo', arguments: { text: 'hello' } });
    took.push(performance.now() - began);
    await sleep(pauseMs);
  }
  return took.toSorted((left, right) => left - right)[Math.floor(took.length * 0.99)] ?? Number.NaN;
}

/** Measures calls while nothing happens, and while servers write as much as their logs take and 20 clients follow it. */
export async function measureSockets(): Promise<SocketFigures> {
  await using bare = await start([here('upstream-http.ts')]);
  await using hub = await startHub({ bundled: true });
  await hub.add('quiet', { kind: 'streamable-http', url: `${bare.line}/mcp?tools=5` });
  const noisy = { kind: 'stdio' as const, command: process.execPath, args: [here('upstream-noise.ts')] };
  const noisyIds = Array.from({ length: noisyServers }, (_, at) => `noisy-${at}`);
  for (const id of noisyIds) await hub.add(id, noisy, { isolation: 'shared' });
  const session = await openSession(hub.url('quiet'), { headers: hub.headers });
  async function setNoise(noise: number): Promise<void> {
    for (const id of noisyIds) {
      const body = JSON.stringify({ text: JSON.stringify({ noise }) });
      const headers = { ...hub.headers, 'content-type': 'application/json' };
      await fetch(`${hub.origin}/api/mcp/servers/${id}/tools/echo/call`, { method: 'POST', headers, body });
    }
  }
  const url = `${hub.origin.replace(/^http/, 'ws')}/ws`;
  const args = [here('socket-clients.ts'), url, hub.key, String(subscribers), noisyIds.join(',')];
  await using clients = await start(args);
  await callFor(session, 2_000);
  const idleP99 = await callFor(session, measuredMs);
  const before = rssMb(hub);
  await setNoise(linesASecond);
  const began = performance.now();
  const busyP99 = await callFor(session, measuredMs);
  const grownMb = rssMb(hub) - before;
  await setNoise(0);
  const seconds = (performance.now() - began) / 1000;
  await sleep(3_000);
  const answered = await fetch(clients.line);
  const counts = (await answered.json()) as { told: number; dropped: number }[];
  await session.end();
  const most = counts.toSorted((left, right) => right.told - left.told)[0] ?? { told: 0, dropped: 0 };
  return {
    subscribers,
    offeredASecond,
    mostASecond: most.told / (seconds + 3),
    accountedFor: (most.told + most.dropped) / (offeredASecond * seconds),
    grownMb,
    idleP99,
    busyP99,
  };
}
