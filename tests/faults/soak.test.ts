import path from 'node:path';
import { expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { times } from '../support/long.ts';
import { connect } from '../support/mcp/clients.ts';
import { type Answers, clientKinds, type TestClient } from '../support/mcp/test-client.ts';
import { upstreamPrograms } from '../support/mcp/upstreams.ts';
import { descendants, processInfo } from '../support/processes.ts';
import { until } from '../support/until.ts';

/** Clients and servers come and go as they like: nothing piles up. The long tests go round far more often. */

/** As many as there are pairs of a client and an act, so that every pair occurs. */
const cycles = times(28, 1000);
const atOnce = 4;
const faulty = path.join(import.meta.dirname, '../support/mcp/fault-stdio.ts');
const serverSlugs = ['child', 'modern-child', 'web', 'dual', 'faulty'];

function pick<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T;
}
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A person takes time to answer, and may be gone by then. */
const slowAnswers: Answers = {
  'elicitation/create': async () => {
    await pause(250);
    return { action: 'decline' };
  },
};

type Act = (client: TestClient, hub: HubProcess, server: string) => Promise<unknown>;

function call(client: TestClient, server: string, tool: string, args = {}) {
  return client.call(`${server}__${tool}`, args);
}

/** Servers' own processes; PostgreSQL's stay. */
function servers(hub: HubProcess) {
  return descendants(hub.pid).filter(({ command }) => command.includes('/support/mcp/'));
}

const acts: Record<string, Act> = {
  'calls and leaves': async (client, _hub, server) => {
    await call(client, server, 'echo', { text: 'x' });
    await client.end();
  },
  'leaves without a word': async (client, _hub, server) => {
    await call(client, server, 'echo', { text: 'x' });
    await client.close();
  },
  'leaves in mid-call': async (client) => {
    const running = call(client, pick(['child', 'web', 'dual']), 'slow', { steps: 100, ms: 20 }).catch(() => {});
    await pause(30 + Math.random() * 100);
    await client.close();
    await running;
  },
  cancels: async (client) => {
    const signal = AbortSignal.timeout(30 + Math.random() * 100);
    const server = pick(['child', 'web', 'dual']);
    await client.call(`${server}__slow`, { steps: 100, ms: 20 }, { signal }).catch(() => {});
    await client.end();
  },
  'leaves while it is asked': async (client) => {
    const running = call(client, pick(['child', 'modern-child', 'dual']), 'elicit').catch(() => {});
    await pause(Math.random() * 300);
    await client.close();
    await running;
  },
  'has its server killed in mid-call': async (client, hub, server) => {
    const running = call(client, server, 'slow', { steps: 20, ms: 20 }).catch(() => {});
    await pause(50);
    const victim = pick(servers(hub));
    if (victim !== undefined) {
      try {
        process.kill(victim.pid, 'SIGKILL');
      } catch {
        // It went by itself.
      }
    }
    await running;
    await client.end();
  },
  'calls what crashes': async (client) => {
    await call(client, 'faulty', pick(['crash', 'wrong_id', 'garbage'])).catch(() => {});
    await client.end();
  },
};

async function cycle(hub: HubProcess, turn: number): Promise<void> {
  const kind = clientKinds[turn % clientKinds.length] ?? pick(clientKinds);
  const all = Object.values(acts);
  const act = all[turn % all.length] ?? pick(all);
  const url = kind === 'v1-sse' ? hub.sseUrl() : hub.url();
  const client = await connect(kind, url, { headers: hub.headers, answers: slowAnswers });
  // A call may fail while its server is being killed; what counts is what is left afterwards.
  await act(client, hub, pick(serverSlugs)).catch(() => {});
  await client.close().catch(() => {});
}

test(`leaves no process and no memory behind after ${cycles} cycles of clients and servers that vanish`, async () => {
  await using hub = await startHub();
  // Who vanishes while it is asked is waited for as long as a call may last.
  const limits = { idleMs: 1500, callTimeoutMs: 2000, maxCallMs: 5000, maxInstances: 32 };
  await using child = await upstreamPrograms['v1-stdio']('child');
  await using modernChild = await upstreamPrograms['v2-modern-stdio']('modern-child');
  await using web = await upstreamPrograms['v1-http']('web');
  await using dual = await upstreamPrograms['v2-dual-http']('dual');
  await hub.add('child', child, { limits });
  await hub.add('modern-child', modernChild, { limits });
  await hub.add('web', web, { limits });
  await hub.add('dual', dual, { limits });
  await hub.add('faulty', { kind: 'stdio', command: process.execPath, args: [faulty] }, { limits });

  const warmUp = Math.min(100, cycles / 4);
  let settledMb = 0;
  for (let done = 0; done < cycles; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => cycle(hub, done + index)));
    if (done < warmUp) settledMb = Math.max(settledMb, processInfo(hub.pid)?.rssMb ?? 0);
  }
  expect(processInfo(hub.pid)).not.toBeNull();
  expect((processInfo(hub.pid)?.rssMb ?? 0) - settledMb).toBeLessThan(150);

  await until(() => servers(hub).length === 0, 'every server process has gone to sleep', 90_000).catch(
    (error: Error) => {
      throw new Error(
        `${error.message}: ${servers(hub)
          .map(({ command }) => command)
          .join('\n')}`,
      );
    },
  );
  await using client = await connect('v1-streamable', hub.url(), { headers: hub.headers });
  for (const server of serverSlugs) {
    // One that was killed just now may still wait for its next start.
    function woken() {
      return call(client, server, 'echo', { text: `woken ${server}` }).then(JSON.stringify, String);
    }
    await expect.poll(woken, { timeout: 90_000 }).toContain(`woken ${server}`);
  }
}, 1_500_000);
