import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ProcessLaunch } from '../../types.ts';
import type { OpenLink } from '../link.ts';
import type { ProcessOptions } from './child.ts';
import { describeLink } from './link.behaviour.ts';
import { createProcessRecords } from './orphans.ts';
import { groupAlive } from './process-group.ts';
import { isDead, readProcess } from './processes.ts';
import { openStdio } from './stdio.ts';
import { openTestLink, processOptions } from './testing.ts';

const fixture = fileURLToPath(new URL('../fixtures/stdio-server.mjs', import.meta.url));
const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));

function launch(change: Partial<ProcessLaunch> = {}): ProcessLaunch {
  return { kind: 'stdio', command: 'node', args: [fixture], env: {}, cwd: null, ...change };
}

function openWith(change: Partial<ProcessOptions> = {}): OpenLink {
  return (launched, context, events) =>
    openStdio(launched as ProcessLaunch, context, events, { ...processOptions, ...change });
}

function open(change: Partial<ProcessLaunch> = {}) {
  return openTestLink(openWith(), launch(change), { answerWith: { roots: [] } });
}

function gone(pid: number) {
  const entry = readProcess(pid);
  return entry === null || isDead(entry);
}

async function familyInRecords(directory: string): Promise<string> {
  const files = await readdir(directory);
  const texts = files.filter((file) => file.endsWith('.json')).map((file) => readFile(join(directory, file), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

describeLink('stdio', () => open());

describe('the child', () => {
  it('gets a short environment and its own entries, never the hub’s', async () => {
    await using test = await open({ env: { TOKEN: 'own' }, args: [fixture, 'a b', '$(id)', ';'] });
    const { result } = await test.request('environment');
    expect(result?.['env']).toEqual({
      PATH: processOptions.path,
      HOME: processOptions.home,
      LANG: 'C.UTF-8',
      TMPDIR: '/tmp',
      TOKEN: 'own',
    });
    expect(result?.['argv']).toEqual(['a b', '$(id)', ';']);
  });

  it.runIf(process.getuid?.() === 0)('runs under the user it is given', async () => {
    const link = openWith({ uid: 65534, gid: 65534, home: '/tmp' });
    // A program that user can reach, wherever the project is.
    const command = 'sh';
    const script =
      'read line; printf \'{"jsonrpc":"2.0","id":1,"result":{"uid":"%s"}}\\n\' "$(id -u):$(id -g):$(id -G)"; read line';
    await using test = await openTestLink(link, launch({ command, args: ['-c', script] }));
    expect(await test.request('who')).toMatchObject({ result: { uid: '65534:65534:65534' } });
  });

  it('starts in the directory it is given', async () => {
    await using test = await open({ cwd: '/usr' });
    expect(await test.request('environment')).toMatchObject({ result: { cwd: '/usr' } });
  });

  it.each([
    [{ command: 'no-such-program' }, 'The command "no-such-program" was not found'],
    [{ command: 'no-such-program', env: { PATH: '/etc/passwd:/usr/bin' } }, 'was not found'],
    [{ command: '/no/such/program' }, 'The program /no/such/program does not exist'],
    [{ command: '/etc/passwd' }, 'may not be run'],
    [{ command: '/etc/passwd/x' }, 'is not a directory'],
    [{ command: ' ' }, 'No command is given'],
    [{ args: ['a\0b'] }, 'must not hold NUL'],
    [{ cwd: '/no/such/place' }, 'The working directory /no/such/place does not exist.'],
    [{ cwd: '/etc/passwd' }, 'is not a directory'],
  ])('says what is wrong with %o', async (change, message) => {
    await expect(open(change)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(message),
    });
  });

  it('needs the home directory it is promised', async () => {
    const opened = openTestLink(openWith({ home: '/no/home' }), launch());
    await expect(opened).rejects.toMatchObject({ message: 'The home directory /no/home does not exist.' });
  });

  it('is not left behind when the start is given up', async () => {
    const signal = AbortSignal.abort();
    let pid = 0;
    const records = {
      mark: {},
      add: (started: number) => {
        pid = started;
        return { family: () => [], forget: () => {} };
      },
    };
    await expect(openTestLink(openWith({ records }), launch(), { signal })).rejects.toMatchObject({ code: 'closed' });
    expect(gone(pid)).toBe(true);
  });
});

describe('closing', () => {
  it('lets a child end by the end of its input', async () => {
    const test = await open();
    const pid = test.link.pid ?? 0;
    await test.request('echo');
    const begun = performance.now();
    await test.link.close({ graceMs: 120_000 });
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(gone(pid)).toBe(true);
  });

  it('kills a stubborn child and a grandchild that ignores SIGTERM within the grace', async () => {
    const test = await open({ args: [fixture, 'stubborn'] });
    const grandchild = Number((await test.request('grandchild')).result?.['pid']);
    const begun = performance.now();
    await test.link.close({ graceMs: 600 });
    expect(performance.now() - begun).toBeGreaterThan(500);
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(gone(grandchild)).toBe(true);
    expect(groupAlive(test.link.pid ?? 0)).toBe(false);
  });

  it('kills at once without a grace, also when asked while a longer one runs', async () => {
    const test = await open({ args: [fixture, 'stubborn'] });
    await test.request('echo');
    const begun = performance.now();
    const slow = test.link.close({ graceMs: 120_000 });
    await test.link.close({ graceMs: 0 });
    await slow;
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(gone(test.link.pid ?? 0)).toBe(true);
  });

  it('kills what moved to a session of its own, also after a crash', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'records-'));
    const records = createProcessRecords(directory, { lookAfterMs: [20] });
    for (const end of ['close', 'crash']) {
      const test = await openTestLink(openWith({ records }), launch());
      const runaway = Number((await test.request('grandchild', { detached: true })).result?.['pid']);
      await expect.poll(() => familyInRecords(directory)).toContain(`"pid":${runaway},`);
      if (end === 'close') await test.link.close({ graceMs: 300 });
      else void test.request('exit', { code: 1 }).catch(() => {});
      await test.until(({ closed }) => closed.length > 0);
      expect(gone(runaway)).toBe(true);
    }
    expect(await readdir(directory)).toEqual(['mark']);
    await rm(directory, { recursive: true });
  });

  it('leaves nothing of the group when the direct child ends first', async () => {
    const test = await open();
    const grandchild = Number((await test.request('grandchild')).result?.['pid']);
    void test.request('exit', { code: 0 }).catch(() => {});
    await test.until(({ closed }) => closed.length > 0);
    expect(gone(grandchild)).toBe(true);
  });
});

describe('a child that ends by itself', () => {
  it('shows no part of a secret that stands where the complaint is cut', async () => {
    const secret = 'a-secret-that-is-cut-in-two';
    const test = await open({ env: { TOKEN: secret } });
    const text = `Error: ${'x'.repeat(300 - 'Error: '.length - 10)}${secret} and more`;
    void test.request('exit', { code: 3, text }).catch(() => {});
    await test.until(({ closed }) => closed.length > 0);
    const [closed] = test.seen.closed;
    expect(closed?.message).toMatch(/xxx\*\*\*/);
    expect(JSON.stringify([closed?.message, closed?.reason])).not.toContain(secret.slice(0, 8));
  });

  it('closes the link with its code and its last complaint, secrets masked', async () => {
    const test = await open({ env: { TOKEN: 'very-secret' } });
    void test.request('exit', { code: 3, text: 'Error: bad key very-secret\n    at x\n\nNode.js v24' }).catch(() => {});
    await test.until(({ closed }) => closed.length > 0);
    expect(test.seen.closed[0]).toMatchObject({
      code: 'closed',
      message: 'The program ended with exit code 3: Error: bad key ***',
    });
    expect(test.seen.closed).toHaveLength(1);
    await expect(test.request('echo')).rejects.toMatchObject({ code: 'closed' });
  });

  it('is ended when it closes its output, for it can never answer again', async () => {
    const test = await open({ args: [fixture, 'stubborn'] });
    void test.request('close-stdout').catch(() => {});
    await test.until(({ closed }) => closed.length > 0);
    expect(gone(test.link.pid ?? 0)).toBe(true);
  });
});

describe('output that is no message', () => {
  it('is logged and harms nothing', async () => {
    await using test = await open();
    const lines = [
      'Server listening',
      '',
      '{"level":30,"msg":"hi"}',
      '{broken',
      '[]',
      '\u0000\u0001',
      'x'.repeat(10_000),
    ];
    await test.request('garbage', { lines });
    expect(await test.request('echo', { ok: 1 })).toMatchObject({ result: { ok: 1 } });
    expect(test.seen.logs).toHaveLength(6);
    expect(test.seen.logs.every(({ level, source }) => level === 'warn' && source === 'stdout')).toBe(true);
    expect(test.seen.logs.at(-1)?.text).toMatch(/^x{4096} … \(5904 more bytes\)$/);
  });

  it('is bounded when it floods stderr', async () => {
    await using test = await open();
    await test.request('flood', { lines: 300_000 });
    await test.until(({ logs }) => logs.some(({ text }) => text.includes('dropped')));
    expect(test.seen.logs.length).toBeLessThan(2_000);
    expect(test.seen.logs[0]).toEqual({ level: 'error', source: 'stderr', text: 'ERROR something went wrong again' });
    expect(await test.request('echo', { ok: 1 })).toMatchObject({ result: { ok: 1 } });
  });

  it('may be a message of 50 MB', async () => {
    await using test = await open();
    const error = await test.request('big', { bytes: 50 * 1024 * 1024 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'too_large', message: expect.stringContaining('52428') });
    expect(await test.request('echo', { ok: 1 })).toMatchObject({ result: { ok: 1 } });
  });
});

it('ends a program whose line has no end', async () => {
  await using test = await open({ command: 'sh', args: ['-c', 'exec cat /dev/zero'] });
  await test.until(({ closed }) => closed.length > 0);
  expect(test.seen.closed[0]).toMatchObject({
    code: 'closed',
    message: expect.stringContaining('without the end of a line'),
  });
});

it('refuses messages for a child that does not read', async () => {
  await using test = await open({ args: [fixture, 'stubborn'] });
  await test.request('deaf');
  const message = { jsonrpc: '2.0', method: 'notifications/x', params: { text: 'x'.repeat(1024 * 1024) } } as const;
  const sent = Array.from({ length: 40 }, () => test.link.send(message));
  const outcomes = await Promise.allSettled(sent);
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(outcomes.at(-1)).toMatchObject({
    reason: { code: 'unreachable', message: expect.stringContaining('does not read') },
  });
});

it('speaks with a real server', async () => {
  await using test = await openTestLink(openWith(), launch({ args: [everything, 'stdio'] }));
  const clientInfo = { name: 'test', version: '1' };
  const begun = await test.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  expect(begun.result?.['protocolVersion']).toBe('2025-06-18');
  await test.link.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  const call = await test.request('tools/call', { name: 'echo', arguments: { message: 'hi' } });
  expect(call.result?.['content']).toEqual([{ type: 'text', text: 'Echo: hi' }]);
});
