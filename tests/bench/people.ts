import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { type Client as Api, createClient } from '@switchboard/api/client';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { openHttp } from './connection.ts';
import { median } from './driver.ts';
import { inspect, type Inspector, withInspector } from './inspector.ts';
import { here, start } from './programs.ts';

/** What many people who are connected to one hub cost, and what one change costs while they are. */
export interface PeopleFigures {
  people: number;
  tools: number;
  /** KB of heap that each connected person holds. */
  heapKbAPerson: number;
  /** By change, the longest time in which the hub did nothing else: the median of some changes, and the worst. */
  blocks: { change: string; medianMs: number; longestMs: number; told: number }[];
}

const people = 285;
const serverCount = 200;
const groupCount = 4;
const groupServers = 5;
const tools = 25;
const changes = 5;
const atOnce = 6;
/** Longer than a change takes until the last session was told. */
const settleMs = 2000;

/** Does something for each, some at a time. */
async function forEach<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  async function work(): Promise<void> {
    for (const item of left) await run(item);
  }
  await Promise.all(Array.from({ length: atOnce }, work));
}

function count(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
const password = 'people of the bench';

async function addServers({ api }: HubProcess, origin: string): Promise<void> {
  for (const group of count(groupCount)) await api.groups.create.mutate({ name: `g${group}` });
  await forEach(count(serverCount + groupCount * groupServers), async (i) => {
    const id = `s${i}`;
    const url = `${origin}/mcp?tools=${tools}&server=${i}`;
    const visibility = i < serverCount ? 'everyone' : 'group';
    await api.servers.create.mutate({ id, kind: 'streamable-http', url, visibility, limits: { idleMs: 0 } });
    if (i >= serverCount) await api.groups.addServer.mutate({ groupId: `g${i % groupCount}`, serverId: id });
  });
  const deadline = performance.now() + 120_000;
  for (;;) {
    const { items } = await api.servers.list.query({ limit: 1000 });
    if (items.every(({ status }) => status.toolCount === tools)) return;
    if (performance.now() > deadline) throw new Error('The servers did not get ready');
    await sleep(200);
  }
}

/** Signs in and makes a key: a documented API would count so many requests. */
async function keyOf(origin: string, username: string): Promise<string> {
  const answer = await fetch(`${origin}/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ username, password: password }),
  });
  if (!answer.ok) throw new Error(`${username} cannot sign in: ${answer.status}`);
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
  const { key } = await createClient(origin, { cookie: cookies.join('; ') }).keys.create.mutate({ name: 'bench' });
  return key;
}

/** Accounts in different groups, so that not all of them see the same; gives a key of each. */
async function addPeople({ api, origin }: HubProcess): Promise<string[]> {
  const keys: string[] = [];
  await forEach(count(people), async (i) => {
    const username = `person${i}`;
    const groups = count(groupCount)
      .filter((group) => (i >> group) % 2 === 1)
      .map((group) => `g${group}`);
    await api.users.create.mutate({ username, password: password, groups });
    keys.push(await keyOf(origin, username));
  });
  return keys;
}

/** Streams on which people hear of changes. */
interface Crowd extends AsyncDisposable {
  heard(): number;
}

async function connect(hub: HubProcess, keys: readonly string[]): Promise<Crowd> {
  const pool = new Pool(hub.origin, { pipelining: 1, headersTimeout: 120_000 });
  let heard = 0;
  await forEach(keys, async (key) => {
    const session = await openHttp(pool, '/mcp', { authorization: `Bearer ${key}` });
    await session.request('tools/list', {});
    const stream = await session.listen();
    void (async () => {
      for await (const chunk of stream) heard += chunk.split('tools/list_changed').length - 1;
    })().catch(() => undefined);
  });
  return {
    heard: () => heard,
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

type Change = (round: number, api: Api) => Promise<unknown>;

const changesByName: Record<string, Change> = {
  'a member added to a group': (round, api) =>
    api.groups.addMember.mutate({ groupId: `g${round % groupCount}`, userId: 'person0' }),
  'a tool switched off': (round, api) =>
    api.servers.setItem.mutate({ id: `s${round}`, type: 'tool', name: 'echo', enabled: false }),
};

async function measureChange(inspector: Inspector, api: Api, crowd: Crowd, change: Change) {
  const blocks: number[] = [];
  const before = crowd.heard();
  for (const round of count(changes)) {
    await inspector.watchLoop();
    await change(round, api).catch((error: unknown) => {
      if (!String(error).includes('already')) throw error;
    });
    await sleep(settleMs);
    blocks.push(await inspector.longestBlock());
  }
  return { medianMs: median(blocks), longestMs: Math.max(...blocks), told: crowd.heard() - before };
}

/** Connects 285 people to 5,000 tools and changes what they see. */
export async function measurePeople(say: (line: string) => void): Promise<PeopleFigures> {
  await using bare = await start([here('upstream-http.ts')]);
  await using hub = await startHub({ bundled: true, env: withInspector });
  await addServers(hub, bare.line);
  say('servers are ready');
  const keys = await addPeople(hub);
  say('people are signed in');
  using inspector = await inspect(hub);
  const before = await inspector.heapUsed();
  await using crowd = await connect(hub, keys);
  const heapKbAPerson = ((await inspector.heapUsed()) - before) / 1024 / people;
  say('people are connected');
  const api = createClient(hub.origin, { apiKey: hub.key });
  const blocks: PeopleFigures['blocks'] = [];
  for (const [change, run] of Object.entries(changesByName)) {
    blocks.push({ change, ...(await measureChange(inspector, api, crowd, run)) });
  }
  return { people: people, tools: serverCount * tools, heapKbAPerson, blocks };
}
