import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessLaunch } from '../../types.ts';
import type { ProcessAccount, ProcessOptions } from './child.ts';
import { createConfinement, type ProcessLimits } from './confinement.ts';
import { startProblem } from './program.ts';
import { openStdio } from './stdio.ts';
import { openTestLink, processOptions, type TestLink } from './testing.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const limits: ProcessLimits = { processes: 60, openFiles: 256, fileBytes: 1024 * 1024 };
const confinement = createConfinement({ limits, noNewPrivileges: true });
const hasTools = confinement.missing.length === 0;

/** How many processes of a user run; those that only wait to be collected do not count. */
async function countOf(uid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'stat=', '-U', String(uid)]).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((state) => /^[^Z]/.test(state)).length;
}

/** A server of one method: runs a line of shell (without double quotes) and gives what it printed. */
const shell = `
  while read -r line; do
    id=$(printf %s "$line" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
    line=$(printf %s "$line" | sed 's/.*"line":"\\([^"]*\\)".*/\\1/')
    printf '{"jsonrpc":"2.0","id":%s,"result":{"out":"%s"}}\\n' "$id" "$(eval "$line" 2>&1 | base64 | tr -d '\\n')"
  done`;

function launch(change: Partial<ProcessLaunch> = {}): ProcessLaunch {
  return { kind: 'stdio', command: 'sh', args: ['-c', shell], env: {}, cwd: null, ...change };
}

function open(change: Partial<ProcessLaunch> = {}, options: Partial<ProcessOptions> = {}): Promise<TestLink> {
  return openTestLink(
    (given, context, events) =>
      openStdio(given as ProcessLaunch, context, events, { ...processOptions, confinement, ...options }),
    launch(change),
  );
}

async function say(test: TestLink, line: string): Promise<string> {
  const { result } = await test.request('run', { line });
  return Buffer.from(String(result?.['out']), 'base64').toString('utf8').trim();
}

function statusOf(pid: number | null, field: string): string {
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
}
function limitOf(pid: number | null, name: string): string {
  return new RegExp(`^${name} +(\\S+ +\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1] ?? '';
}

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'confinement-'));
  chmodSync(directory, 0o755);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.runIf(hasTools)('a confined program', () => {
  it('is the process that is told, cannot gain rights, and has its limits', async () => {
    await using test = await open();
    const { pid } = test.link;
    expect(await say(test, 'echo $$')).toBe(String(pid));
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()).toBe('sh');
    expect(statusOf(pid, 'NoNewPrivs')).toBe('1');
    expect(limitOf(pid, 'Max core file size')).toMatch(/^0 +0$/);
    expect(limitOf(pid, 'Max open files')).toMatch(/^256 +256$/);
    expect(limitOf(pid, 'Max file size')).toMatch(/^1048576 +1048576$/);
    const unlimited = readFileSync('/proc/self/limits', 'utf8');
    for (const name of ['Max address space', 'Max processes']) {
      expect(limitOf(pid, name)).toBe(new RegExp(`^${name} +(\\S+ +\\S+)`, 'm').exec(unlimited)?.[1]);
    }
  });

  it('cannot fill the disk with one file', async () => {
    await using test = await open();
    const file = join(directory, 'large');
    writeFileSync(file, '');
    chmodSync(file, 0o666);
    await say(test, `head -c 3000000 /dev/zero > ${file}`);
    expect(readFileSync(file).length).toBe(limits.fileBytes);
  });

  it('writes less where its launch says so, and never more', async () => {
    await using none = await open({ fileBytes: 0 });
    expect(await say(none, 'echo up')).toBe('up');
    expect(limitOf(none.link.pid, 'Max file size')).toMatch(/^0 +0$/);
    await using more = await open({ fileBytes: limits.fileBytes * 2 });
    expect(await say(more, 'echo up')).toBe('up');
    expect(limitOf(more.link.pid, 'Max file size')).toMatch(/^1048576 +1048576$/);
  });

  it.each([
    [{ command: 'no-such-program' }, 'The command "no-such-program" was not found'],
    [{ command: 'no-such-program', env: { PATH: '/etc/passwd:/usr/bin' } }, 'was not found'],
    [{ command: '/no/such/program' }, 'The program /no/such/program does not exist'],
    [{ command: '/etc/passwd' }, 'may not be run'],
    [{ command: '/etc' }, 'may not be run'],
    [{ command: '/etc/passwd/x' }, 'is not a directory'],
    [{ cwd: '/no/such/place' }, 'The working directory /no/such/place does not exist.'],
  ])('is refused in the words of an unconfined one: %o', async (change, message) => {
    for (const how of [{}, { confinement: createConfinement({ limits, noNewPrivileges: false, toolPath: [] }) }]) {
      await expect(open(change, how)).rejects.toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining(message),
      });
    }
  });

  it('is refused where the interpreter of a script is not there', async () => {
    const script = join(directory, 'script');
    writeFileSync(script, '#!/no/such/interpreter -x\n', { mode: 0o755 });
    await expect(open({ command: script })).rejects.toMatchObject({ message: expect.stringContaining('interpreter') });
  });
});

it('names the tools that are missing, and starts programs without them', async () => {
  const none = createConfinement({ limits, noNewPrivileges: true, toolPath: ['/no/tools'] });
  expect(none.missing).toHaveLength(2);
  await using test = await open({}, { confinement: none });
  expect(await say(test, 'echo up')).toBe('up');
});

describe.runIf(isRoot && hasTools)('an account of its own', () => {
  let nextUid = 62_000 + Math.floor(Math.random() * 900);

  function makeAccount(): ProcessAccount {
    const uid = nextUid;
    nextUid += 1;
    const home = join(directory, String(uid));
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, uid, uid);
    return { uid, gid: uid, home };
  }
  it('starts nowhere that its account cannot enter, and tells nothing of what is there', async () => {
    const [one, two] = [makeAccount(), makeAccount()];
    mkdirSync(join(two.home, 'inner'), { mode: 0o777 });
    const options = { uid: 65_534, gid: 65_534, ownAccount: () => one };
    async function told(change: Partial<ProcessLaunch>): Promise<string> {
      return open({ ownUid: one.uid, ...change }, options).then(
        async (test) => {
          await test[Symbol.asyncDispose]();
          return 'started';
        },
        (error: unknown) => String(error),
      );
    }
    for (const name of ['inner', 'missing']) {
      const hidden = join(two.home, name);
      expect((await told({ cwd: hidden })).replace(hidden, '')).toMatch(/cannot be entered by the user/);
      expect(await told({ command: hidden })).toMatch(/may not be run by the user/);
    }
    expect(await told({ cwd: two.home })).toMatch(/cannot be entered by the user/);
    expect(await told({ cwd: '/no/such/place' })).toContain('The working directory /no/such/place does not exist.');
  });

  function openAs(account: ProcessAccount, env: Record<string, string> = {}) {
    return open({ ownUid: account.uid, env }, { uid: 65_534, gid: 65_534, ownAccount: () => account });
  }

  it('keeps a server’s environment, memory, home and process from another', async () => {
    const mine = makeAccount();
    const theirs = makeAccount();
    await using me = await openAs(mine);
    await using them = await openAs(theirs, { TOKEN: 'sk-of-them' });
    const [uid, gid, groups, home] = (await say(me, 'id -u; id -g; id -G; echo $HOME; touch file')).split('\n');
    expect([uid, gid, groups, home]).toEqual([mine.uid, mine.uid, mine.uid, mine.home].map(String));
    const { pid } = them.link;
    expect(await say(them, 'cat /proc/$$/environ')).toContain('sk-of-them');
    for (const line of [
      `cat /proc/${pid}/environ`,
      `cat /proc/${pid}/mem`,
      `kill -9 ${pid}`,
      `ls ${theirs.home}`,
      `touch ${theirs.home}/x`,
    ]) {
      expect(await say(me, line), line).toMatch(/denied|not permitted/i);
    }
    expect(await say(them, 'echo alive')).toBe('alive');
  });

  it('bounds the processes a server can have, and only its', async () => {
    const account = makeAccount();
    const test = await openAs(account);
    const other = await openAs(makeAccount());
    await say(test, 'i=0; while [ $i -lt 200 ]; do sleep 60 & i=$((i+1)); done 2>/dev/null >/dev/null');
    const count = await countOf(account.uid);
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThanOrEqual(limits.processes);
    expect(await say(other, 'echo alive')).toBe('alive');
    await Promise.all([test.link.close({ graceMs: 500 }), other.link.close({ graceMs: 500 })]);
    expect(await countOf(account.uid)).toBe(0);
  });

  it('must be able to reach its program', async () => {
    const hidden = join(directory, 'hidden');
    mkdirSync(hidden, { mode: 0o700 });
    const program = join(hidden, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    const account = makeAccount();
    const refused = open({ command: program, ownUid: account.uid }, { uid: 65_534, ownAccount: () => account });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('may not be run') });
    const search = { path: hidden, cwd: '/', runner: account };
    expect(startProblem('program', search)).toBe('EACCES');
    expect(startProblem('program', { ...search, runner: null })).toBeNull();
  });

  it('is not needed: where it cannot be had, the shared one serves, and the log says so', async () => {
    const shared = { uid: 65_534, gid: 65_534, home: '/tmp' };
    function refuse(): never {
      throw new Error('the disk is full');
    }
    await using test = await open({ ownUid: 62_999 }, { ...shared, ownAccount: refuse });
    expect(await say(test, 'id -u')).toBe('65534');
    expect(test.seen.logs).toEqual([
      {
        level: 'warn',
        source: 'hub',
        text: expect.stringMatching(/uid 62999, cannot be had \(the disk is full\), so it runs/),
      },
    ]);
  });

  it('is not needed where the system maps no such uid', async () => {
    const script = `
      const { openStdio } = await import(${JSON.stringify(join(import.meta.dirname, 'stdio.ts'))});
      const launch = { kind: 'stdio', command: 'sh', args: ['-c', 'id -u >&2; read line'], env: {}, cwd: null, ownUid: 62999 };
      const context = { serverId: 'x', instance: '1', signal: new AbortController().signal, messageLimit: 1024 };
      const events = { message() {}, lost() {}, closed() {}, log: (level, source, text) => console.log(source, text) };
      const ownAccount = (uid) => ({ uid, gid: uid, home: '/tmp' });
      const link = await openStdio(launch, context, events, { path: '/usr/bin:/bin', home: '/tmp', uid: 0, gid: 0, ownAccount });
      setTimeout(() => link.close({ graceMs: 500 }), 500);`;
    const words = ['--user', '--map-root-user', process.execPath, '--input-type=module', '-e', script];
    const { stdout } = await run('unshare', words);
    expect(stdout).toMatch(/^hub The system refuses the server's own account, uid 62999 \(E\w+\), so it runs under/);
    expect(stdout).toContain('stderr 0');
  });
});
