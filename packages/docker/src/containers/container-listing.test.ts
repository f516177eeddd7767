import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestEngine, importImage, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';

const found = await findTestEngine();

const setUp = [
  'mkdir -p /srv/logs /srv/sub /usr/lib /far',
  'dd if=/dev/zero of=/srv/logs/app.log bs=1048576 count=70',
  'echo NAME=x > /usr/lib/os-release',
  'ln -s ../usr/lib/os-release /etc/os-release',
  'ln -s usr/lib /lib',
  'ln -s /nowhere/at/all /etc/dangling',
  'ln -s /far/new.txt /etc/new.txt',
  'ln -s two /etc/one; ln -s one /etc/two',
  'ln -s ../../../../../usr /etc/escape',
  'echo same > /etc/first; ln /etc/first /etc/second',
  'touch "/srv/-n" "/srv/名 字"',
  'rm -f /etc/mtab; ln -s ../proc/mounts /etc/mtab',
].join('; ');

describe.skipIf('missing' in found)(suiteTitle('directories of a container on a real engine', found), () => {
  let test: TestEngine;
  const id: Record<'running' | 'stopped' | 'scratch', string> = { running: '', stopped: '', scratch: '' };
  function files() {
    return test.engine.files;
  }

  /** No shell, no `ls`: one program, which is its own image. */
  async function scratchImage(): Promise<string> {
    const root = pack();
    for (const name of ['etc', 'srv', 'srv/logs']) root.entry({ name, type: 'directory', mode: 0o755 });
    root.entry({ name: 'srv/logs/app.log' }, Buffer.alloc(70 * 1024 * 1024));
    root.entry({ name: 'srv/zz' }, 'last');
    root.entry({ name: 'only', mode: 0o755 }, await readFile('/bin/busybox'));
    root.finalize();
    const image = `switchboard-test/scratch:${test.prefix}`;
    await importImage(test.engine, image, test.labels, root as unknown as Readable);
    return image;
  }

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    const { image, labels } = test;
    const made = await test.engine.containers.create({ image, labels, command: 'sleep 600' }, { start: true });
    id.running = made.id;
    expect(await test.engine.exec.run(id.running, ['sh', '-c', setUp])).toMatchObject({ exitCode: 0 });
    const command = ['/only', 'sleep', '600'];
    id.scratch = (
      await test.engine.containers.create({ image: await scratchImage(), labels, command }, { start: true })
    ).id;
    const other = await test.engine.containers.create({ image, labels, command: ['sh', '-c', setUp] }, { start: true });
    await test.engine.containers.wait(other.id);
    id.stopped = other.id;
  });
  afterAll(() => test[Symbol.asyncDispose]());

  async function names(which: keyof typeof id, path: string, limits = {}) {
    const { entries, complete } = await files().listFiles(id[which], path, limits);
    return { names: entries.map(({ path: name }) => name).sort(), complete };
  }

  it.each(['running', 'stopped', 'scratch'] as const)('are listed whatever their size (%s)', async (which) => {
    const root = await names(which, '/');
    expect(root.complete).toBe(true);
    expect(root.names).toEqual(expect.arrayContaining(['etc', 'srv']));
    const srv = await names(which, '/srv');
    expect(srv.complete).toBe(true);
    expect(srv.names).toEqual(which === 'scratch' ? ['logs', 'zz'] : ['-n', 'logs', 'sub', '名 字']);
    const { entries } = await files().listFiles(id[which], '/srv/logs');
    expect(entries).toEqual([
      expect.objectContaining({ path: 'app.log', type: 'file', bytes: 70 * 1024 * 1024, targetType: null }),
    ]);
  });

  it('say where a limit left something out', async () => {
    expect(await names('stopped', '/srv', { quickBytes: 1_000_000, mostBytes: 2_000_000 })).toEqual({
      names: ['-n', 'logs'],
      complete: false,
    });
    expect(await names('running', '/bin', { mostEntries: 3 })).toMatchObject({ complete: false });
  });

  it.each([
    ['find', []],
    ['ls alone', ['rm /bin/find']],
    ['neither', ['rm /bin/ls']],
  ])('are listed as they are by a container that has %s', async (_, before) => {
    for (const line of before) await test.engine.exec.run(id.running, ['sh', '-c', line]);
    expect(await names('running', '/srv', { quickBytes: 1_000_000 })).toEqual({
      names: ['-n', 'logs', 'sub', '名 字'],
      complete: true,
    });
  });

  it.each(['running', 'stopped'] as const)('show links as links, with what they lead to (%s)', async (which) => {
    const { entries } = await files().listFiles(id[which], '/etc');
    const links = entries
      .filter(({ type }) => type === 'link')
      .map((one) => `${one.path} → ${one.linkTarget}: ${one.targetType}`);
    expect(links.sort()).toEqual([
      'dangling → /nowhere/at/all: missing',
      'escape → ../../../../../usr: directory',
      'mtab → ../proc/mounts: other',
      'new.txt → /far/new.txt: missing',
      'one → two: missing',
      'os-release → ../usr/lib/os-release: file',
      'two → one: missing',
    ]);
    const same = entries.filter(({ path }) => path === 'first' || path === 'second');
    expect(same.map(({ type, bytes, targetType }) => [type, bytes, targetType])).toEqual([
      ['file', 5, null],
      ['file', 5, null],
    ]);
    // Where the engine is asked about each name, a link shows where it leads in the end.
    const large = await files().listFiles(id.running, '/', { quickBytes: 2_000 });
    const lib = large.entries.find(({ path }) => path === 'lib');
    expect(lib).toMatchObject({ type: 'link', targetType: 'directory' });
  });

  it.each(['running', 'stopped'] as const)('are reached through links (%s)', async (which) => {
    expect((await names(which, '/lib')).names).toEqual(['os-release']);
    expect((await names(which, '/etc/escape/lib')).names).toEqual(['os-release']);
    expect(String(await files().readFile(id[which], '/etc/os-release'))).toBe('NAME=x\n');
    const archived: Buffer[] = [];
    for await (const chunk of await files().copyOut(id[which], '/lib')) archived.push(chunk as Buffer);
    expect(Buffer.concat(archived).includes('os-release')).toBe(true);
  });

  it('are named where a link leads nowhere, in a circle, or to no directory', async () => {
    await expect(files().readFile(id.running, '/etc/dangling')).rejects.toMatchObject({
      code: 'not_found',
      message: '/etc/dangling is a link to /nowhere/at/all, where nothing lies.',
    });
    const circle = { code: 'conflict', message: expect.stringContaining('in a circle') };
    await expect(files().readFile(id.running, '/etc/one')).rejects.toMatchObject(circle);
    await expect(files().listFiles(id.running, '/etc/one/x')).rejects.toMatchObject(circle);
    await expect(files().listFiles(id.running, '/etc/os-release')).rejects.toMatchObject({ code: 'conflict' });
    await expect(files().listFiles(id.running, '/etc/os-release/x')).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no /etc/os-release/x in the container.',
    });
  });

  it('keep their links when a file is written through one', async () => {
    function write(path: string) {
      return files().writeFiles(id.running, '/etc', [{ path, content: 'NAME=y\n' }]);
    }
    await write('os-release');
    await write('new.txt');
    expect(String(await files().readFile(id.running, '/usr/lib/os-release'))).toBe('NAME=y\n');
    expect(String(await files().readFile(id.running, '/far/new.txt'))).toBe('NAME=y\n');
    for (const path of ['/etc/os-release', '/etc/new.txt']) {
      expect(await files().stat(id.running, path)).toMatchObject({ type: 'link' });
    }
    await expect(write('dangling')).rejects.toMatchObject({ code: 'conflict' });
    await expect(write('escape')).rejects.toMatchObject({ code: 'conflict' });
    await expect(write('one')).rejects.toMatchObject({ code: 'conflict' });
    expect(await files().stat(id.running, '/etc/dangling')).toMatchObject({ type: 'link' });
  });
});
