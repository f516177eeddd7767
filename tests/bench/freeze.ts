import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { openSession } from '../support/mcp/raw.ts';
import { here } from './programs.ts';

/** How long a hub did nothing else while somebody tried to keep it busy. */
export interface FreezeRow {
  cause: string;
  /** Longest and usual answer to `/health`, in milliseconds. */
  longestMs: number;
  medianMs: number;
  /** What became of the call, or of whatever it was. */
  outcome: string;
}

const settleMs = 1_000;
/** What a cause may take at all. */
const limitMs = 60_000;

function within(ms: number): AbortSignal {
  return AbortSignal.timeout(ms);
}

async function call(hub: HubProcess, cause: string, method: string, params: Record<string, unknown>): Promise<string> {
  const session = await openSession(hub.url(idOf(cause)), { headers: hub.headers, signal: within(limitMs) });
  const { text } = await session.send({ jsonrpc: '2.0', id: 1, method, params }, { signal: within(limitMs) });
  await session.end();
  return text.includes('"error"') ? text.slice(text.indexOf('"message"')) : 'well';
}

/** Some causes are words that no server may be named by. */
function idOf(cause: string): string {
  return `busy-${cause}`;
}

async function addServer(hub: HubProcess, cause: string): Promise<void> {
  const command = { kind: 'stdio' as const, command: process.execPath, args: [here('upstream-freeze.ts'), cause] };
  await hub.add(idOf(cause), command, { isolation: 'shared' });
  await hub.api.servers.update.mutate({ id: idOf(cause), patch: { recording: 'all' } });
}

type Act = (hub: HubProcess) => Promise<unknown>;

function called(cause: string): Act {
  return async (hub) => {
    await addServer(hub, cause);
    await call(hub, cause, 'tools/call', { name: 'go', arguments: {} });
  };
}

const causes: readonly (readonly [cause: string, act: Act])[] = [
  ['a small result', called('none')],
  ['result nested 8,000 deep', called('deep')],
  ['result nested 8 million deep', called('deepest')],
  ['result of 30 MB of text', called('text')],
  ['result of 2 million values', called('values')],
  ['8 MB of -eyJ in a recorded result', called('tokens')],
  ['180,000 unknown messages in batches', called('batches')],
  ['20,000 method names', called('methods')],
  ['50,000 malformed messages', called('malformed')],
  ['20,000 log messages', called('logs')],
  ['20,000 changes of its list', called('changes')],
  ['20,000 tools', (hub) => addServer(hub, 'tools').then(() => call(hub, 'tools', 'tools/list', {}))],
  [
    '20,000 templates of 48 expressions',
    async (hub) => {
      await addServer(hub, 'templates');
      await call(hub, 'templates', 'resources/read', { uri: 'ab'.repeat(4_000) });
    },
  ],
  [
    '65 KB of ${A:- in a config',
    (hub) => {
      const env = { X: '${A:-'.repeat(13_000) };
      return hub.api.servers.create.mutate({ id: 'nested', kind: 'stdio', command: 'true', env, desired: 'stopped' });
    },
  ],
  [
    '40 unknown methods of a client, 200 KB each',
    async (hub) => {
      const session = await openSession(hub.url(idOf('none')), { headers: hub.headers });
      for (let i = 0; i < 40; i += 1)
        await session.send({ jsonrpc: '2.0', id: 1, method: `${i}${'x'.repeat(200_000)}` });
      await fetch(`${hub.origin}/metrics`, { headers: hub.headers });
    },
  ],
];

/** Measures `/health` while something is done and shortly after it. */
export async function measureFreeze(hub: HubProcess, cause: string, act: Act): Promise<FreezeRow> {
  const worker = new Worker(here('probe-health.ts'), { workerData: { origin: hub.origin } });
  const told = new Promise<number[]>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  // What is refused is as good as what is answered, as long as the hub goes on.
  const outcome = await act(hub).then(
    (told) => (typeof told === 'string' ? told : 'well'),
    (error: Error) => error.message,
  );
  await sleep(settleMs);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage('enough');
  const times = (await told).toSorted((one, other) => one - other);
  await worker.terminate();
  return {
    cause,
    longestMs: times.at(-1) ?? Number.NaN,
    medianMs: times[Math.floor(times.length / 2)] ?? Number.NaN,
    outcome: outcome.slice(0, 60),
  };
}

/** Lets servers and clients try to freeze a hub, one after the other. */
export async function measureFreezes(): Promise<FreezeRow[]> {
  await using hub = await startHub({ bundled: true });
  // A hub that has just started is still compiling its own code.
  await called('warm-up')(hub);
  const rows: FreezeRow[] = [];
  for (const [cause, act] of causes) {
    rows.push(await measureFreeze(hub, cause, act));
  }
  return rows;
}
