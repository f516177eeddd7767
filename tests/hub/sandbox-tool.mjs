// An MCP server without dependencies that tells what its surroundings let it do: the tool in tests of sandboxes.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';

function attempt(run) {
  try {
    return { ok: run() ?? true };
  } catch (error) {
    return { error: error.code ?? error.name };
  }
}

const tools = {
  echo: (given) => given,
  read: ({ path }) => attempt(() => readFileSync(path, 'utf8').slice(0, 1_000)),
  list: ({ path }) => attempt(() => readdirSync(path)),
  write: ({ path }) => attempt(() => writeFileSync(path, 'x')),
  env: () => attempt(() => ({ ...process.env })),
  who: () => attempt(() => ({ uid: process.getuid(), status: readFileSync('/proc/self/status', 'utf8') })),
  interfaces: () => attempt(() => Object.keys(networkInterfaces())),
  run: ({ command, args }) =>
    attempt(() => {
      const { status, error } = spawnSync(command, args);
      if (error) throw error;
      return status;
    }),
  kill: ({ pid }) => attempt(() => process.kill(pid, 'SIGKILL')),
  fetch: async ({ url }) => {
    try {
      return { ok: (await fetch(url, { signal: AbortSignal.timeout(5_000) })).status };
    } catch (error) {
      return { error: error.cause?.code ?? error.name };
    }
  },
  connect: (to) =>
    new Promise((resolve) => {
      try {
        const socket = connect({ ...to, timeout: 3_000 }, () => resolve({ ok: true }));
        socket.once('timeout', () => resolve({ error: 'timeout' }));
        socket.once('error', (error) => resolve({ error: error.code ?? error.name }));
      } catch (error) {
        resolve({ error: error.code ?? error.name });
      }
    }),
  fork: async () => {
    const children = [];
    for (let failed = false; !failed && children.length < 200;) {
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
      failed = await new Promise((resolve) => {
        child.once('error', () => resolve(true));
        child.once('spawn', () => resolve(false));
      });
      if (!failed) children.push(child);
    }
    for (const child of children) child.kill('SIGKILL');
    return { count: children.length };
  },
  eat: () => {
    const kept = [];
    for (;;) kept.push(Buffer.alloc(16 * 2 ** 20, 1));
  },
  hang: () => {
    for (;;);
  },
};

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'sandbox-tool', version: '1' },
  }),
  ping: () => ({}),
  'tools/list': () => ({ tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' } })) }),
  'tools/call': async ({ name, arguments: given = {} }) => ({
    content: [{ type: 'text', text: JSON.stringify(await tools[name](given)) }],
  }),
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params = {} } = JSON.parse(line);
  if (id === undefined) return;
  const run = answers[method];
  const error = { code: -32601, message: method };
  const reply = run ? { result: await run(params) } : { error };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...reply })}\n`);
});
