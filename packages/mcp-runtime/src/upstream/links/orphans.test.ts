import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createProcessRecords, removeOrphans } from './orphans.ts';
import { groupAlive } from './process-group.ts';
import { isDead, readProcess } from './processes.ts';

async function directory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'records-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A group leader that ends only by SIGKILL, as a hub that was killed leaves it. */
async function stray(script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")') {
  const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const output = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  const pid = child.pid ?? 0;
  return {
    pid,
    output,
    child,
    [Symbol.dispose]: () => {
      if (groupAlive(pid)) process.kill(-pid, 'SIGKILL');
    },
  };
}

/** The records in a directory, beside what marks the hub's children. */
async function recordsIn(path: string): Promise<string[]> {
  return (await readdir(path)).filter((name) => name !== 'mark');
}

function gone(pid: number) {
  const entry = readProcess(pid);
  return entry === null || isDead(entry);
}

describe('records', () => {
  it('are there as long as the child is recorded', async () => {
    await using at = await directory();
    using left = await stray();
    const record = createProcessRecords(join(at.path, 'new')).add(left.pid);
    expect(await recordsIn(join(at.path, 'new'))).toEqual([`${left.pid}.json`]);
    record.forget();
    expect(await recordsIn(join(at.path, 'new'))).toEqual([]);
  });

  it('keep what moved away from a child that has ended, with all it starts', async () => {
    await using at = await directory();
    const moved =
      'require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });';
    const later = `setTimeout(() => { ${moved} }, 500); setInterval(() => {}, 1000)`;
    const script = `const child = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(later)}], { detached: true, stdio: "ignore" }); console.log(child.pid); setInterval(() => {}, 1000)`;
    using left = await stray(script);
    const runaway = Number(left.output);
    const record = createProcessRecords(at.path, { lookAfterMs: [10] }).add(left.pid);
    function pids() {
      return record.family().map(({ pid }) => pid);
    }
    await expect.poll(pids).toEqual([runaway]);
    process.kill(left.pid, 'SIGKILL');
    await expect.poll(() => record.family().length).toBe(2);
    expect(gone(left.pid)).toBe(true);
    expect(pids()).toContain(runaway);
    await removeOrphans(at.path, { graceMs: 0 });
    expect(pids().every(gone)).toBe(true);
    record.forget();
  });

  it('are written later where the disk does not take them now', async () => {
    await using at = await directory();
    const script =
      'const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" }); console.log(child.pid); setInterval(() => {}, 1000)';
    const path = join(at.path, 'new');
    using left = await stray(script);
    const record = createProcessRecords(path, { lookAfterMs: [10] }).add(left.pid);
    // Before the first look at the family, which would find room.
    rmSync(path, { recursive: true });
    await expect.poll(() => record.family().map(({ pid }) => pid)).toEqual([Number(left.output)]);
    await mkdir(path);
    await expect.poll(() => recordsIn(path)).toEqual([`${left.pid}.json`]);
    expect(JSON.parse(await readFile(join(path, `${left.pid}.json`), 'utf8')).family).toEqual(record.family());
    record.forget();
  });

  it('of a child that is gone are not made', async () => {
    await using at = await directory();
    createProcessRecords(at.path)
      .add(2 ** 22 - 1)
      .forget();
    expect(await recordsIn(at.path)).toEqual([]);
  });
});

describe('removing what a killed hub left', () => {
  it('ends recorded groups and forgets them', async () => {
    await using at = await directory();
    using first = await stray();
    using second = await stray();
    const records = createProcessRecords(at.path);
    records.add(first.pid);
    records.add(second.pid);
    const ended = await removeOrphans(at.path, { graceMs: 100 });
    expect(new Set(ended)).toEqual(new Set([first.pid, second.pid]));
    expect([first, second].map(({ pid }) => gone(pid))).toEqual([true, true]);
    expect(await recordsIn(at.path)).toEqual([]);
  });

  it.each([
    [
      'another start time',
      (record: Record<string, unknown>, pid: number) => ({ ...record, leader: { pid, startTime: '1' } }),
    ],
    ['another boot', (record: Record<string, unknown>) => ({ ...record, boot: 'other' })],
    ['a damaged record', () => ({ leader: 'x' })],
  ])('leaves a process with %s alone', async (_, change) => {
    await using at = await directory();
    using other = await stray();
    createProcessRecords(at.path).add(other.pid);
    const file = join(at.path, `${other.pid}.json`);
    const record = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify(change(record, other.pid)));
    expect(await removeOrphans(at.path, { graceMs: 50 })).toEqual([]);
    expect(gone(other.pid)).toBe(false);
    expect(await recordsIn(at.path)).toEqual([]);
  });

  it('ends what a leader that is gone had started', async () => {
    await using at = await directory();
    const script =
      'const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" }); console.log(child.pid); setInterval(() => {}, 1000)';
    using left = await stray(script);
    const member = Number(left.output);
    createProcessRecords(at.path, { lookAfterMs: [50] }).add(left.pid);
    await expect.poll(() => readFile(join(at.path, `${left.pid}.json`), 'utf8')).toContain(`"pid":${member}`);
    process.kill(left.pid, 'SIGKILL');
    await expect.poll(() => gone(left.pid)).toBe(true);
    expect(gone(member)).toBe(false);
    expect(await removeOrphans(at.path, { graceMs: 100 })).toEqual([left.pid]);
    expect(gone(member)).toBe(true);
  });

  it('ends what a leader that still runs has moved away since the last look', async () => {
    await using at = await directory();
    const script =
      'const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" }); console.log(child.pid); setInterval(() => {}, 1000)';
    using left = await stray(script);
    createProcessRecords(at.path, { lookAfterMs: [60_000] }).add(left.pid);
    expect(await removeOrphans(at.path, { graceMs: 100 })).toEqual([left.pid]);
    expect(gone(Number(left.output))).toBe(true);
  });

  it('ends what nobody saw move away, by the mark it carries, and nothing that carries another', async () => {
    await using at = await directory();
    await using elsewhere = await directory();
    function run(mark: object) {
      return spawn('sleep', ['60'], { env: { ...process.env, ...mark }, detached: true, stdio: 'ignore' });
    }
    const ours = run(createProcessRecords(at.path).mark);
    const others = [run(createProcessRecords(elsewhere.path).mark), run({ SWITCHBOARD_CHILD_OF: '' })];
    await Promise.all([ours, ...others].map((child) => once(child, 'spawn')));
    expect(await removeOrphans(at.path, { graceMs: 100 })).toEqual([ours.pid]);
    expect(gone(ours.pid ?? 0)).toBe(true);
    expect(others.map(({ pid }) => gone(pid ?? 0))).toEqual([false, false]);
    for (const child of others) child.kill('SIGKILL');
  });

  it('finds the children of a hub that was killed', async () => {
    await using at = await directory();
    const program = fileURLToPath(new URL('../fixtures/small-hub.mjs', import.meta.url));
    const hub = spawn(process.execPath, [program, at.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise((resolve) => hub.stdout.once('data', (data) => resolve(String(data))));
    const child = Number(line);
    hub.kill('SIGKILL');
    await once(hub, 'exit');
    expect(gone(child)).toBe(false);
    expect(await removeOrphans(at.path, { graceMs: 100 })).toEqual([child]);
    expect(gone(child)).toBe(true);
  });

  it('survives files that are no records, and no directory at all', async () => {
    await using at = await directory();
    await writeFile(join(at.path, '5.json'), 'not json');
    await writeFile(join(at.path, '6.json.new'), '{');
    expect(await removeOrphans(at.path, { graceMs: 10 })).toEqual([]);
    expect(await removeOrphans(join(at.path, 'nowhere'), { graceMs: 10 })).toEqual([]);
  });
});
