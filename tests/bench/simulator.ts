import { Pool } from 'undici';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { processInfo } from '../support/processes.ts';
import { type Connection, openHttp } from './connection.ts';
import { median } from './driver.ts';
import type { Json } from './tools.ts';

export interface SimulatorFigures {
  /** CPU of the hub a call, in microseconds: of an app's static answer, and of the built-in demo server. */
  staticMicroseconds: number;
  demoMicroseconds: number;
  /** The documented list of apps, whole, and the list of the page. */
  apps: number;
  actions: number;
  documentedListMs: number;
  pageListMs: number;
  /** Changes of one state by tokens that call at once, and how many of them were lost. */
  tokens: number;
  changes: number;
  lost: number;
}

const apps = 500;
const actions = 20;
const tokens = 200;
const perToken = 5;
const callsPerRound = 4_000;
const sessions = 32;

type Action = NonNullable<Parameters<HubProcess['api']['apps']['create']['mutate']>[0]['actions']>[number];

function actionOf(index: number): Action {
  return {
    name: `action_${index}`,
    displayName: `Action ${index}`,
    description: 'Does one thing with what it is given.',
    parameters: [
      { key: 'target', type: 'String', required: true, description: 'With what' },
      { key: 'mode', type: 'String', options: ['quick', 'full'], default: 'quick' },
    ],
    answers: [{ mode: 'static', value: { success: true, number: index } }],
  };
}

interface Way {
  url: string;
  headers: Record<string, string>;
  call: Json;
}

/** Opens sessions of a way once; each round calls over all of them. */
async function openWay({ url, headers }: Way) {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections: sessions, pipelining: 1 });
  const open: Connection[] = [];
  for (let at = 0; at < sessions; at += 1) open.push(await openHttp(pool, pathname + search, headers));
  return { open, close: () => pool.destroy() };
}

async function cpuOf(pid: number, open: readonly Connection[], call: Json, calls: number): Promise<number> {
  const before = processInfo(pid)?.cpuMs ?? Number.NaN;
  let left = calls;
  async function caller(session: Connection): Promise<void> {
    while (left > 0) {
      left -= 1;
      await session.request('tools/call', call);
    }
  }
  await Promise.all(open.map(caller));
  return (((processInfo(pid)?.cpuMs ?? Number.NaN) - before) * 1_000) / calls;
}

/** Calls both in turns, so that what disturbs the machine disturbs both. */
async function measureCalls(hub: HubProcess, rounds: number) {
  await hub.api.servers.addDemo.mutate();
  for (;;) {
    const { status } = await hub.api.servers.get.query({ id: 'demo' });
    if ((status.toolCount ?? 0) > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const app = { category: 'Bench', name: 'Static', displayName: 'Static', actions: [actionOf(0)] };
  const { id } = await hub.api.apps.create.mutate(app);
  const { token } = await hub.api.apps.tokens.create.mutate({ apps: [id] });
  const demo: Way = {
    url: hub.url('demo'),
    headers: hub.headers,
    call: { name: 'echo', arguments: { message: 'quick' } },
  };
  const own: Way = {
    url: `${hub.origin}/sim/Bench/Static?token=${token}`,
    headers: {},
    call: { name: 'action_0', arguments: { target: 'quick' } },
  };
  const ways = [own, demo];
  const opened = await Promise.all(ways.map(openWay));
  const measured = ways.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, way] of ways.entries()) {
      const spent = await cpuOf(hub.pid, opened[at]?.open ?? [], way.call, callsPerRound);
      // The first round warms both up.
      if (round > 0) measured[at]?.push(spent);
    }
  }
  for (const { close } of opened) await close();
  const [staticMicroseconds = Number.NaN, demoMicroseconds = Number.NaN] = measured.map(median);
  return { staticMicroseconds, demoMicroseconds };
}

async function timed(times: number, work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const begun = performance.now();
    await work();
    took.push(performance.now() - begun);
  }
  return median(took);
}

async function measureLists(hub: HubProcess) {
  const twenty = Array.from({ length: actions }, (_, index) => actionOf(index));
  const many = Array.from({ length: apps }, (_, index) => {
    return { category: 'Many', name: `app-${index}`, displayName: `App ${index}`, actions: twenty };
  });
  for (let at = 0; at < many.length; at += 100) await hub.api.apps.import.mutate({ apps: many.slice(at, at + 100) });
  const headers = { authorization: `Bearer ${hub.key}` };
  async function read(path: string): Promise<void> {
    const answer = await fetch(hub.origin + path, { headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }
  return {
    documentedListMs: await timed(15, () => read('/admin/api/apps')),
    pageListMs: await timed(15, () => read('/trpc/apps.list')),
  };
}

/** Tokens change the state of one app at once, each its own: all changes of each have to be there afterwards. */
async function measureChanges(hub: HubProcess) {
  const add: Action = {
    name: 'add',
    answers: [{ mode: 'template', body: '{"count": {{ state.count }}}' }],
    changes: '[{"op": "replace", "path": "/count", "value": {{ state.count | plus: 1 }}}]',
  };
  const app = {
    category: 'Bench',
    name: 'Counter',
    displayName: 'Counter',
    initialState: { count: 0 },
    actions: [add],
  };
  const { id } = await hub.api.apps.create.mutate(app);
  const made = [];
  for (let at = 0; at < tokens; at += 1) made.push(await hub.api.apps.tokens.create.mutate({ apps: [id] }));
  const pool = new Pool(hub.origin, { connections: tokens, pipelining: 1 });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'add', arguments: {} } });
  async function call(token: string): Promise<void> {
    const answer = await pool.request({ path: `/sim/Bench/Counter?token=${token}`, method: 'POST', headers, body });
    await answer.body.dump();
  }
  await Promise.all(made.flatMap(({ token }) => Array.from({ length: perToken }, () => call(token))));
  await pool.close();
  let lost = 0;
  for (const token of made) {
    const { state } = await hub.api.apps.state.get.query({ id: token.id });
    lost += perToken - Number(state['count']);
  }
  return { tokens, changes: tokens * perToken, lost };
}

/** Measures simulated products: what a call costs beside one of a real server, lists, and states that many change. */
export async function measureSimulator(rounds: number): Promise<SimulatorFigures> {
  await using hub = await startHub({ bundled: true, env: { CALLS_PER_MINUTE: '0' } });
  return {
    ...(await measureCalls(hub, rounds)),
    apps,
    actions,
    ...(await measureLists(hub)),
    ...(await measureChanges(hub)),
  };
}
