import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ContainerLaunch } from '../../types.ts';
import { sseServer, streamableServer } from '../fixtures/http-server.ts';
import type { ContainerEngine, ContainerExit, ContainerRequest } from './container-engine.ts';
import { createLinks } from './index.ts';
import { describeLink } from './link.behaviour.ts';
import { openTestLink, processOptions } from './testing.ts';

const program = fileURLToPath(new URL('../fixtures/stdio-server.mjs', import.meta.url));
const sleeper = ['-e', 'process.stdin.resume().on("end", () => process.exit())'];

/** An engine whose containers are programs of this machine: all that the link asks of Docker, without Docker. */
function processEngine(address: string | null = null) {
  const asked: ContainerRequest[] = [];
  const removed: boolean[] = [];
  const killed: string[] = [];
  const engine: ContainerEngine = {
    open: async (request) => {
      asked.push(request);
      const { command, env } = request.launch;
      const child = spawn(process.execPath, [...command], { env });
      const exited = new Promise<ContainerExit>((resolve) => {
        child.once('exit', (code) => resolve({ how: 'exited', code }));
      });
      await new Promise((resolve) => child.once('spawn', resolve));
      return {
        pid: child.pid ?? null,
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        address,
        exited,
        kill: async (signal) => {
          killed.push(signal);
          child.kill(signal);
        },
        remove: async ({ lost }) => {
          removed.push(lost);
          child.kill('SIGKILL');
          await exited;
        },
      };
    },
  };
  return { engine, asked, removed, killed };
}

function launchOf(change: Partial<ContainerLaunch> = {}): ContainerLaunch {
  return {
    kind: 'container',
    image: 'none',
    command: [program],
    env: {},
    transport: { kind: 'stdio' },
    network: { kind: 'none' },
    ...change,
  };
}

function open(containers: ContainerEngine, change: Partial<ContainerLaunch> = {}, options = {}) {
  const links = createLinks({ process: processOptions, containers });
  return openTestLink(links.open, launchOf(change), { answerWith: { roots: [] }, ...options });
}

describeLink('the pipes of a container', () => open(processEngine().engine));

describe('a server over its container’s pipes', () => {
  it('is asked for with all there is to know, and removed once it has ended', async () => {
    const { engine, asked, removed, killed } = processEngine();
    const test = await open(engine, { image: 'a:1' }, { serverId: 'one', instance: '7' });
    await test.request('echo');
    expect(asked).toMatchObject([{ launch: { image: 'a:1' }, serverId: 'one', instance: '7' }]);
    await test.link.close({ graceMs: 120_000 });
    expect(removed).toEqual([false]);
    expect(killed).toEqual([]);
    expect(test.seen.closed).toEqual([null]);
  });

  it('is told more firmly where the end of its input is not enough', async () => {
    const { engine, killed } = processEngine();
    const test = await open(engine, { command: [program, 'stubborn'] });
    await test.request('echo');
    await test.link.close({ graceMs: 400 });
    expect(killed).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('that ends by itself is lost, and what it said last stands in the reason, its secrets masked', async () => {
    const { engine, removed } = processEngine();
    const test = await open(engine, { env: { TOKEN: 'very-secret' }, secrets: { KEY: 'another-secret' } });
    const text = 'Error: very-secret and another-secret do not fit';
    void test.request('exit', { code: 3, text }).catch(() => {});
    await test.until(({ closed }) => closed.length > 0);
    const message = 'The container ended with exit code 3: Error: *** and *** do not fit';
    expect(test.seen.closed).toMatchObject([{ code: 'closed', message }]);
    expect(removed).toEqual([true]);
  });

  it('that closed its output before the engine said that it runs is ended all the same', async () => {
    const { engine, killed } = processEngine();
    const late: ContainerEngine = {
      open: async (request) => {
        const running = await engine.open(request);
        await once(running.stdout, 'end');
        return running;
      },
    };
    const script = 'require("fs").closeSync(1); process.stdin.resume()';
    const test = await open(late, { command: ['-e', script] });
    await test.until(({ closed }) => closed.length > 0);
    expect(killed).toEqual(['SIGKILL']);
  });
});

describe('a server behind its container’s port', () => {
  it.each([
    ['streamable HTTP', false],
    ['HTTP+SSE', true],
  ])('is reached at the address that the engine tells: %s', async (_name, sse) => {
    await using server = sse ? await sseServer() : await streamableServer({ events: false });
    const { pathname, host } = new URL(server.url);
    const { engine, removed } = processEngine(host);
    const test = await open(engine, {
      command: sleeper,
      transport: { kind: 'http', port: 1, path: pathname.slice(1), sse },
    });
    expect(await test.request('echo', { over: 'http' })).toMatchObject({ result: { over: 'http' } });
    await test.link.close({ graceMs: 120_000 });
    expect(removed).toEqual([false]);
    expect(test.seen.closed).toEqual([null]);
  });

  it('that ends before it answers says why, and is removed', async () => {
    const { engine, removed } = processEngine('127.0.0.1:9');
    const command = ['-e', 'console.error("Error: no configuration"); process.exit(5)'];
    await expect(open(engine, { command, transport: { kind: 'http', port: 9, path: '/mcp' } })).rejects.toMatchObject({
      name: 'LinkError',
      code: 'unreachable',
      message: 'The container ended with exit code 5: Error: no configuration',
    });
    expect(removed).toEqual([false]);
  });

  it('without an address cannot be reached', async () => {
    const { engine, removed } = processEngine();
    const transport = { kind: 'http', port: 9, path: '/mcp' } as const;
    await expect(open(engine, { command: sleeper, transport })).rejects.toMatchObject({ code: 'protocol' });
    expect(removed).toEqual([false]);
  });
});

describe('a start that cannot be', () => {
  it('keeps the words of the engine', async () => {
    const cause = new Error('There is no image.');
    await expect(open({ open: () => Promise.reject(cause) })).rejects.toMatchObject({
      name: 'LinkError',
      code: 'unreachable',
      message: 'There is no image.',
      cause,
    });
  });

  it('is closed where it was given up, whether before the container ran or after', async () => {
    const giveUp = new AbortController();
    const { engine, removed } = processEngine();
    const late: ContainerEngine = {
      open: async (request) => {
        const running = await engine.open(request);
        giveUp.abort();
        return running;
      },
    };
    const { signal } = giveUp;
    await expect(open(late, {}, { signal })).rejects.toMatchObject({ code: 'closed' });
    expect(removed).toEqual([false]);
    const early = { open: () => Promise.reject(new Error('aborted')) };
    await expect(open(early, {}, { signal })).rejects.toMatchObject({ code: 'closed' });
  });

  it('says that there is no engine', async () => {
    const links = createLinks({ process: processOptions });
    await expect(openTestLink(links.open, launchOf())).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('no Docker Engine'),
    });
  });
});
