import { startHub, type HubProcess } from '../support/hub-process.ts';
import { processInfo, type ProcessInfo } from '../support/processes.ts';
import { median } from './driver.ts';
import { here, start } from './programs.ts';

/** What streamed answers cost, beside a relay that passes bytes on. */
export interface ChatFigures {
  rows: ChatRow[];
  /** First byte through the hub less that of the provider itself, one stream at a time. */
  firstByteMs: number;
  /** Memory that so many streams add. */
  streamsMb: number;
}

export interface ChatRow {
  way: string;
  /** CPU of the process between provider and client, a chunk. */
  microseconds: number;
}

const streams = 64;
const chunks = 400;
const model = 'bench';

interface Way {
  name: string;
  pid: number;
  url: string;
  headers: Record<string, string>;
  body: (n: number) => object;
}

function alive(pid: number): ProcessInfo {
  const info = processInfo(pid);
  if (!info) throw new Error(`Process ${pid} is gone.`);
  return info;
}

async function readAll(way: Way, n: number, most = chunks): Promise<number> {
  const begun = performance.now();
  const response = await fetch(way.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...way.headers },
    body: JSON.stringify({ ...way.body(n), max_tokens: most }),
  });
  if (!response.ok || !response.body) throw new Error(`${way.name}: ${response.status} ${await response.text()}`);
  let first = Number.NaN;
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of response.body) {
    if (Number.isNaN(first)) first = performance.now() - begun;
    text = (text + decoder.decode(part as Uint8Array, { stream: true })).slice(-64);
  }
  if (!text.includes('[DONE]')) throw new Error(`${way.name}: the stream ended without [DONE].`);
  return first;
}

async function measureWay(way: Way): Promise<ChatRow> {
  await Promise.all(Array.from({ length: 4 }, (_, n) => readAll(way, n, 40)));
  const before = alive(way.pid).cpuMs;
  await Promise.all(Array.from({ length: streams }, (_, n) => readAll(way, n)));
  const spent = alive(way.pid).cpuMs - before;
  return { way: way.name, microseconds: (spent * 1000) / (streams * chunks) };
}

function waysOf(hub: HubProcess, relay: { pid: number; line: string }, token: string): Way[] {
  const messages = [{ role: 'user', content: 'Go on.' }];
  const headers = { authorization: `Bearer ${hub.key}` };
  let count = 0;
  return [
    {
      name: 'relay',
      pid: relay.pid,
      url: `${relay.line}/v1/chat/completions`,
      headers: { authorization: `Bearer ${token}` },
      body: () => ({ model, messages, stream: true }),
    },
    {
      name: 'hub, /v1',
      pid: hub.pid,
      url: `${hub.origin}/v1/chat/completions`,
      headers,
      body: () => ({ model, messages, stream: true }),
    },
    {
      name: 'hub, kept conversation',
      pid: hub.pid,
      url: `${hub.origin}/chat/completions`,
      headers,
      body: () => ({ model_name: model, user_prompt: 'Go on.', conversation_id: `bench-${(count += 1)}` }),
    },
  ];
}

/** Streams answers of a scripted provider through a relay and through the hub, in turns. */
export async function measureChat(rounds: number): Promise<ChatFigures> {
  const token = 'bench-token';
  await using provider = await start([here('upstream-model.ts')]);
  await using relay = await start([here('relay.ts'), `${provider.line}/v1/chat/completions`, token]);
  await using hub = await startHub({
    bundled: true,
    env: {
      ALLOW_PRIVATE_URLS: 'true',
      MAX_STREAMS_PER_PERSON: '500',
      MAX_RUNS_PER_PERSON: '500',
      CALLS_PER_MINUTE: '0',
    },
  });
  await hub.api.models.create.mutate({ name: model, baseUrl: provider.line, options: { max_tokens: chunks } });
  const ways = waysOf(hub, relay, token);
  const measured = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  const rssBefore = alive(hub.pid).rssMb;
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) measured.get(way.name)?.push((await measureWay(way)).microseconds);
  }
  const streamsMb = alive(hub.pid).rssMb - rssBefore;
  const direct: Way = {
    ...(ways[1] as Way),
    url: `${provider.line}/v1/chat/completions`,
    headers: {},
    pid: provider.pid,
  };
  const firsts: number[] = [];
  for (let n = 0; n < 30; n += 1) {
    const ours = await readAll(ways[1] as Way, n, 4);
    firsts.push(ours - (await readAll(direct, n, 4)));
  }
  return {
    rows: [...measured].map(([way, values]) => ({ way, microseconds: Math.min(...values) })),
    firstByteMs: median(firsts),
    streamsMb,
  };
}
