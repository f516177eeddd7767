import { type HubProcess, startHub } from '../support/hub-process.ts';
import type { Target } from './driver.ts';
import { here } from './programs.ts';

/** Registers so many HTTP servers at a hub; `origin` serves any number of them. */
async function addMany(hub: HubProcess, origin: string, count: number, tools: number, idleMs: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const config = { kind: 'streamable-http' as const, url: `${origin}/mcp?tools=${tools}&server=${i}` };
    await hub.add(`s${String(i).padStart(3, '0')}`, config, { limits: { idleMs }, wait: false });
  }
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { items } = await hub.api.servers.list.query({ limit: 1000 });
    const ready = items.filter(({ status }) => status.toolCount === tools && (idleMs === 0 || status.asleep));
    if (ready.length === count) return;
    if (performance.now() > deadline) throw new Error(`only ${ready.length} of ${count} servers got ready`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A hub with many servers behind `/mcp`. */
export async function startFullHub(origin: string, count: number, tools: number, sleeping: boolean) {
  const hub = await startHub({ bundled: true });
  await addMany(hub, origin, count, tools, sleeping ? 1000 : 0);
  const target: Target = {
    name: 'hub',
    at: { url: hub.url(), headers: hub.headers },
    pid: hub.pid,
    tool: 's000__echo',
  };
  return { hub, target };
}

export interface StartUp {
  firstMs: number;
  warmMs: number;
  /** Warm, with so many stdio servers registered. */
  fullMs: number;
}

/** Time to `/ready`: on an empty directory, again on the same, and with 100 stdio servers to start. */
export async function measureStartUp(servers: number): Promise<StartUp> {
  await using hub = await startHub({ bundled: true });
  const firstMs = hub.readyMs;
  await hub.end('SIGTERM');
  await hub.restart();
  const warmMs = hub.readyMs;
  const config = { kind: 'stdio' as const, command: process.execPath, args: [here('upstream-stdio.ts'), '5'] };
  for (let i = 0; i < servers; i += 1) await hub.add(`s${i}`, config, { wait: false });
  await hub.end('SIGTERM');
  await hub.restart();
  return { firstMs, warmMs, fullMs: hub.readyMs };
}
