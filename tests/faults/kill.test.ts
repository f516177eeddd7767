import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { times } from '../support/long.ts';
import { connect } from '../support/mcp/clients.ts';
import { scriptedProgram } from '../support/mcp/scripted-program.ts';
import { processesNaming } from '../support/processes.ts';
import { until } from '../support/until.ts';

/** The hub is killed while it writes: what it said yes to is there afterwards, and nothing of before runs on. */

const rounds = times(2, 20);
const faulty = path.join(import.meta.dirname, '../support/mcp/fault-stdio.ts');

interface Written {
  /** Server ids whose creation was acknowledged, with the description last acknowledged. */
  kept: Map<string, string>;
  /** Ids whose removal was acknowledged. */
  gone: Set<string>;
  /** How many creations were acknowledged. */
  acknowledged: number;
  stopped: boolean;
}

/** Creates, changes and removes servers until the hub stops answering. */
async function write(hub: HubProcess, written: Written, writer: string): Promise<void> {
  for (let i = 0; !written.stopped; i += 1) {
    const id = `${writer}-${i}`;
    try {
      const url = `http://127.0.0.1:9/${id}`;
      await hub.api.servers.create.mutate({ id, name: id, kind: 'streamable-http', url, desired: 'disabled' });
      written.kept.set(id, '');
      written.acknowledged += 1;
      const description = `changed ${randomUUID()}`;
      await hub.api.servers.update.mutate({ id, patch: { description } });
      written.kept.set(id, description);
      if (i % 3 !== 0) continue;
      // From here on it may be there or not, until the answer says it is not.
      written.kept.delete(id);
      await hub.api.servers.remove.mutate({ id });
      written.gone.add(id);
    } catch {
      return;
    }
  }
}

async function stored(hub: HubProcess): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let page = 1; ; page += 1) {
    const { items, total } = await hub.api.servers.list.query({ page, limit: 1000 });
    for (const { id, description } of items) found.set(id, description);
    if (found.size >= total || items.length === 0) return found;
  }
}

test(`keeps every acknowledged change and leaves no orphan, killed ${rounds} times under writes`, async () => {
  const mark = `kill-${randomUUID()}`;
  await using hub = await startHub();
  const node = { kind: 'stdio' as const, command: process.execPath };
  await hub.add('scripted', { ...node, args: [scriptedProgram, '--name', mark] });
  await hub.add('stubborn', { ...node, args: [faulty, '--stubborn', '--family', mark] });
  function running() {
    return processesNaming(mark).filter(({ command }) => command.includes(mark));
  }
  expect(running()).toHaveLength(3);

  const written: Written = { kept: new Map(), gone: new Set(), acknowledged: 0, stopped: false };
  for (let round = 0; round < rounds; round += 1) {
    written.stopped = false;
    // A client with a child of its own, so that there is more to leave behind than what always runs.
    const capabilities = { elicitation: {} };
    const client = await connect('v1-streamable', hub.url('scripted'), { headers: hub.headers, capabilities });
    await client.call('pid');
    const writers = [0, 1, 2].map((writer) => write(hub, written, `r${round}w${writer}`));
    const before = written.acknowledged;
    await until(() => written.acknowledged > before + 1, 'something was written');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
    await hub.end('SIGKILL');
    // These deaths are the test's own: no server is to be held back for them.
    await rm(path.join(hub.dataDir, 'starts.json'), { force: true });
    written.stopped = true;
    await Promise.all(writers);
    await client.close().catch(() => {});
    await hub.restart();

    const found = await stored(hub);
    const lost = [...written.kept].filter(([id]) => !found.has(id)).map(([id]) => id);
    const back = [...written.gone].filter((id) => found.has(id));
    const stale = [...written.kept].filter(([id, description]) => description !== '' && found.get(id) !== description);
    expect({ round, lost, back, stale }).toEqual({ round, lost: [], back: [], stale: [] });
    await until(() => running().length === 3, `round ${round}: two servers run, one with a child`, 90_000).catch(
      (error: Error) => {
        const left = running().map(({ pid, ppid, command }) => `${pid} (parent ${ppid}): ${command}`);
        throw new Error(`${error.message}\n${left.join('\n')}`);
      },
    );
  }

  await using after = await connect('v1-streamable', hub.url('scripted'), { headers: hub.headers });
  expect(JSON.stringify(await after.call('echo', { text: 'still here' }))).toContain('still here');
  await hub.end('SIGTERM');
  expect(running()).toEqual([]);
  expect(processesNaming(hub.dataDir)).toEqual([]);
}, 1_200_000);

/** Starts something that leaves its session, by the way a server starts a browser. */
const moves = `
const { spawn } = require('node:child_process');
const mark = process.argv.at(-1);
const away = (script) => spawn(process.execPath, ['-e', script, mark], { detached: true, stdio: 'ignore' });
const stay = 'setInterval(() => {}, 1000)';
const answer = ({ id, method }) => {
  if (method === 'initialize') return { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'moves', version: '1' } };
  if (method === 'tools/list') return { tools: [{ name: 'move', inputSchema: { type: 'object' } }] };
  // One as a child of the server, one whose parent is gone at once.
  away(stay);
  away('require("node:child_process").spawn(process.execPath, ["-e", ' + JSON.stringify(stay) + ', process.argv.at(-1)], { detached: true, stdio: "ignore" }).unref()');
  return { content: [] };
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: answer(message) }));
});
`;

test('ends what had moved away from a child just before the kill', async () => {
  const mark = `moves-${randomUUID()}`;
  await using hub = await startHub();
  await hub.add('moves', { kind: 'stdio', command: process.execPath, args: ['-e', moves, mark] });
  function running() {
    return processesNaming(mark).filter(({ command }) => command.includes(mark));
  }
  await using client = await connect('v1-streamable', hub.url('moves'), { headers: hub.headers, capabilities: {} });
  await client.call('move');
  await until(() => running().length === 3, 'both of them run');
  const before = running().map(({ pid }) => pid);
  await hub.end('SIGKILL');
  await hub.restart();
  expect(running().filter(({ pid }) => before.includes(pid))).toEqual([]);
});
