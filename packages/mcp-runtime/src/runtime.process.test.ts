import { tmpdir } from 'node:os';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { createLinks } from './index.ts';
import { createRuntime } from './runtime.ts';
import { rejection, selectionOf, specOf } from './testing.ts';
import type { ProgramUsage, Runtime, ServerSpec } from './types.ts';

const program = fileURLToPath(new URL('upstream/fixtures/mcp-server.mjs', import.meta.url));
const launch: ServerSpec['launch'] = { kind: 'stdio', command: execPath, args: [program], env: {}, cwd: null };

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

interface House extends AsyncDisposable {
  runtime: Runtime;
  /** Calls a tool and gives the pid of the program that answered. */
  call(name?: string, credential?: string): Promise<number>;
  running(): Promise<number>;
}

async function house(over: Parameters<typeof specOf>[1] = {}): Promise<House> {
  const links = createLinks({ process: { path: process.env['PATH'] ?? '', home: tmpdir() } });
  const selection = selectionOf('s', ['s']);
  const runtime = createRuntime({
    openLink: links.open,
    select: () => selection,
    hub: { name: 'hub', version: '1' },
    random: () => 1,
  });
  runtime.apply([specOf('s', { launch, ...over })]);
  function signal(): AbortSignal {
    return AbortSignal.timeout(10_000);
  }
  return {
    runtime,
    async running() {
      const { pid } = await runtime.until('s', ({ phase }) => phase === 'running', signal());
      return pid ?? 0;
    },
    async call(name = 'echo', credential = 'me') {
      const params = { name, arguments: {} };
      const call = {
        credential: { key: credential, person: credential },
        selection,
        method: 'tools/call',
        params,
        via: 'rest',
        clientName: 'test',
      };
      const { content } = await runtime.call({ ...call, signal: signal() });
      return Number((content as { text: string }[])[0]?.text);
    },
    [Symbol.asyncDispose]: async () => {
      await runtime.close();
      await links.close();
    },
  };
}

describe('what programs use', () => {
  test('is measured with what they started, by server, and of what is gone nothing', async () => {
    const child = 'const held = Buffer.alloc(96 * 2 ** 20, 1); for (;;) held[0] += 1;';
    const script = `import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'ignore' });
      process.on('exit', () => child.kill('SIGKILL'));
      await import(${JSON.stringify(program)});`;
    const args = ['--input-type=module', '-e', script];
    await using h = await house({ launch: { ...launch, args } });
    expect(await h.runtime.programUsage()).toEqual([]);
    await h.running();
    await expect
      .poll(async () => (await h.runtime.programUsage())[0])
      .toSatisfy((used?: ProgramUsage) => (used?.memoryBytes ?? 0) > 96 * 2 ** 20 && (used?.cpuPercent ?? 0) > 10);
    expect((await h.runtime.programUsage()).map(({ serverId }) => serverId)).toEqual(['s']);
    await h.runtime.stop('s', { graceMs: 0 });
    expect(await h.runtime.programUsage()).toEqual([]);
  });

  test('counts programs that end between two looks', async () => {
    const busy = 'const end = Date.now() + 100; while (Date.now() < end);';
    const loop = `const { spawnSync } = require('node:child_process');
      for (;;) spawnSync(process.execPath, ['-e', ${JSON.stringify(busy)}]);`;
    const script = `import { Worker } from 'node:worker_threads';
      new Worker(${JSON.stringify(loop)}, { eval: true, execArgv: [] });
      await import(${JSON.stringify(program)});`;
    await using h = await house({ launch: { ...launch, args: ['--input-type=module', '-e', script] } });
    await h.running();
    const shares: number[] = [];
    await expect
      .poll(
        async () => {
          const [used] = await h.runtime.programUsage();
          shares.push(used?.cpuPercent ?? 0);
          return shares.filter((share) => share > 5).length;
        },
        { interval: 1_000 },
      )
      .toBeGreaterThan(2);
  });
});

describe('a real program', () => {
  test('answers, and is gone when the hub has closed', async () => {
    const h = await house();
    const pid = await h.running();
    expect(await h.call()).toBe(pid);
    const [one, other] = [await h.call('echo', 'b'), await h.call('echo', 'c')];
    expect([pid, one, other].every(isRunning)).toBe(true);
    await h[Symbol.asyncDispose]();
    expect([pid, one, other].some(isRunning)).toBe(false);
  });

  test('that crashes in mid-call says so, is started again, and answers', async () => {
    await using h = await house();
    const pid = await h.running();
    expect(await rejection(h.call('crash'))).toMatchObject({
      message: expect.stringMatching(/^Server s: .*(code|status) 7/) as string,
    });
    await h.runtime.until('s', ({ phase }) => phase === 'error', AbortSignal.timeout(5000));
    expect(await h.running()).not.toBe(pid);
    expect(await h.call()).not.toBe(pid);
    expect(isRunning(pid)).toBe(false);
  });

  test('that is killed from outside is started again', async () => {
    await using h = await house();
    const pid = await h.running();
    process.kill(pid, 'SIGKILL');
    await h.runtime.until('s', ({ phase }) => phase === 'error', AbortSignal.timeout(5000));
    expect(await h.running()).not.toBe(pid);
  });

  test('that is stopped in mid-call ends the call, and is gone when the stop says so', async () => {
    await using h = await house();
    const pid = await h.running();
    const pending = rejection(h.call('hang'));
    await until(() => h.runtime.metrics().inFlight === 1);
    await h.runtime.stop('s', { graceMs: 500 });
    expect(isRunning(pid)).toBe(false);
    expect(await pending).toMatchObject({ message: 'Server s: The server was stopped' });
  });

  test('answers calls of one instance side by side', async () => {
    await using h = await house({ isolation: 'shared' });
    await h.running();
    // One after the other they take 40 s.
    const begun = Date.now();
    await Promise.all(Array.from({ length: 200 }, () => h.call('slow')));
    expect(Date.now() - begun).toBeLessThan(30_000);
  });

  test('that does not exist is told by its name', async () => {
    await using h = await house({
      launch: { kind: 'stdio', command: 'no-such-program', args: [], env: {}, cwd: null },
    });
    const { error } = await h.runtime.until('s', ({ phase }) => phase === 'error', AbortSignal.timeout(5000));
    expect(error).toContain('no-such-program');
  });
});
