import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';

const found = await findTestEngine();

describe.skipIf('missing' in found)(suiteTitle('programs in a container on a real engine', found), () => {
  let test: TestEngine;
  let id = '';

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    const { image, labels } = test;
    id = (await test.engine.containers.create({ image, labels, command: 'sleep 600' }, { start: true })).id;
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it('run to their end with both outputs and a code', async () => {
    const ran = await test.engine.exec.run(id, ['sh', '-c', 'cat; echo oh >&2; exit 3'], { input: 'grüße' });
    expect(ran).toEqual({ exitCode: 3, stdout: 'grüße', stderr: 'oh\n' });
  });

  it('take their words as they are', async () => {
    const ran = await test.engine.exec.run(id, ['echo', '$(id)', '; rm -rf /', 'a b']);
    expect(ran.stdout).toBe('$(id) ; rm -rf / a b\n');
  });

  it('have the environment, directory and user they are given', async () => {
    const ran = await test.engine.exec.run(id, ['sh', '-c', 'echo $A; pwd; id -u'], {
      environment: { A: 'x' },
      workingDir: '/tmp',
      user: 'nobody',
    });
    expect(ran.stdout).toBe('x\n/tmp\n65534\n');
  });

  it('are bounded in output and time', async () => {
    await expect(test.engine.exec.run(id, ['yes'], { maxBytes: 1000 })).rejects.toMatchObject({ code: 'too_large' });
    await expect(test.engine.exec.run(id, ['sleep', '30'], { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const signal = AbortSignal.timeout(300);
    await expect(test.engine.exec.run(id, ['sleep', '30'], { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('get every key at once, also those that would leave a terminal', async () => {
    const session = await test.engine.exec.open(id, {
      command: ['sh', '-c', 'stty raw -echo; od -An -v -tx1 -w1'],
      tty: true,
    });
    let seen = '';
    const reading = (async () => {
      for await (const { data } of session.output) seen += data.toString();
    })();
    // The program's settings of its terminal come first.
    await session.write('a');
    await expect.poll(() => seen).toContain('61');
    for (const key of [16, 17, 16, 16, 0, 27]) {
      seen = '';
      await session.write(Buffer.from([key]));
      await expect.poll(() => seen.trim()).toBe(key.toString(16).padStart(2, '0'));
    }
    seen = '';
    await session.write(Buffer.from([30, 0, 30, 98]));
    await expect.poll(() => seen.match(/[0-9a-f]{2}/g)).toEqual(['1e', '00', '1e', '62']);
    session.close();
    await reading.catch(() => {});
  });

  it('talk through a terminal that can be resized', async () => {
    const session = await test.engine.exec.open(id, { command: ['sh'], tty: true, size: { columns: 100, rows: 30 } });
    let seen = '';
    const reading = (async () => {
      for await (const { data } of session.output) seen += data.toString();
    })();
    function until(text: string) {
      return expect.poll(() => seen).toContain(text);
    }
    await session.write('stty size; tty\r');
    await until('30 100');
    await until('/dev/pts/');
    await session.resize({ columns: 80, rows: 24 });
    await session.write('stty size\r');
    await until('24 80');
    expect(await session.exitCode()).toBeNull();
    await session.write('exit 5\r');
    await reading;
    await expect.poll(() => session.exitCode()).toBe(5);
  });

  it('need a container that runs', async () => {
    const { image, labels } = test;
    const stopped = await test.engine.containers.create({ image, labels });
    await expect(test.engine.exec.run(stopped.id, ['id'])).rejects.toMatchObject({ code: 'conflict' });
    await expect(test.engine.exec.run('no-such', ['id'])).rejects.toMatchObject({ code: 'not_found' });
  });
});
