import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';

const found = await findTestEngine();

describe.skipIf('missing' in found)(suiteTitle('what containers say on a real engine', found), () => {
  let test: TestEngine;
  async function run(script: string, change: object = {}) {
    const { image, labels } = test;
    const made = await test.engine.containers.create(
      { image, labels, command: ['sh', '-c', script], ...change },
      { start: true },
    );
    return made.id;
  }
  async function ended(script: string, change: object = {}) {
    const id = await run(script, change);
    await test.engine.containers.wait(id);
    return id;
  }

  async function textOf(...asked: Parameters<TestEngine['engine']['output']['logText']>) {
    return (await Array.fromAsync(test.engine.output.logText(...asked))).join('');
  }

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it('is both outputs in order, the last lines where asked', async () => {
    const id = await ended('echo one; sleep 0.5; echo two >&2; sleep 0.5; echo drei grüße 新');
    expect(await textOf(id)).toBe('one\ntwo\ndrei grüße 新\n');
    expect(await textOf(id, { tail: 2 })).toBe('two\ndrei grüße 新\n');
    expect(await textOf(id, { tail: 0 })).toBe('');
    expect(await textOf(id, { stderr: false, tail: 10, timestamps: true })).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z one\n\d{4}-[^ ]+ drei grüße 新\n$/,
    );
    await expect(textOf('no-such')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('begins and ends at a moment', async () => {
    const id = await ended('for i in 1 2 3; do echo $i; sleep 0.05; done');
    const times: string[] = [];
    for await (const { time } of test.engine.output.logs(id)) times.push(time ?? '');
    expect(await textOf(id, { since: times[1] ?? '' })).toBe('2\n3\n');
    expect(await textOf(id, { until: times[1] ?? '' })).toMatch(/^1\n(2\n)?$/);
    await expect(textOf(id, { since: 'yesterday' })).rejects.toMatchObject({ field: 'since' });
  });

  it('comes from a terminal too', async () => {
    const id = await ended('echo one; echo two >&2', { tty: true });
    expect(await textOf(id)).toBe('one\ntwo\n');
  });

  it('of a terminal holds long lines without the times that the engine writes into them', async () => {
    const id = await ended(`seq -s, 1 20000; seq -s, 1 20000 | sed 's/1/ä/g'; echo end`, { tty: true });
    const numbers = Array.from({ length: 20_000 }, (_, index) => index + 1).join(',');
    const lines = [numbers, numbers.replaceAll('1', 'ä'), 'end'];
    expect(await textOf(id)).toBe(`${lines.join('\n')}\n`);
    const stamped = (await textOf(id, { timestamps: true })).trimEnd().split('\n');
    expect(stamped.map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, ''))).toEqual(lines);
    const told: string[] = [];
    for await (const { text } of test.engine.output.logs(id, { follow: true })) told.push(text);
    expect(told).toEqual(lines);
  });

  it('cannot be read where the log driver keeps nothing, and says so', async () => {
    const { docker } = test.engine.connection;
    const { image: Image, labels: Labels } = test;
    const HostConfig = { LogConfig: { Type: 'none', Config: {} } };
    const made = await docker.createContainer({ Image, Labels, Cmd: ['echo', 'x'], HostConfig });
    await made.start();
    for (const follow of [false, true]) {
      const reading = Array.fromAsync(test.engine.output.logs(made.id, { follow }));
      await expect(reading).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('log driver') });
    }
  });

  it('holds lines longer than the engine’s pieces', async () => {
    const id = await ended(`head -c 100000 /dev/zero | sed 's/./x/g' ; echo end`);
    const [first, second] = (await textOf(id)).split('\n');
    expect(first?.replace(/^\0*/, '').length ?? 0).toBeGreaterThanOrEqual(0);
    expect([first, second].join('')).toContain('end');
    expect(first?.length).toBe(100_003);
  });

  it('comes as a text in pieces of whole lines, however long it is', async () => {
    const id = await ended('seq 1 200000');
    const pieces: string[] = [];
    for await (const piece of test.engine.output.logText(id)) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.every((piece) => piece.length < 128 * 1024 && piece.endsWith('\n'))).toBe(true);
    expect(pieces.join('')).toBe(Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join(''));
  });

  it('is followed until the container ends', async () => {
    const id = await run('for i in 1 2 3; do echo $i; sleep 0.1; done');
    const lines: string[] = [];
    for await (const { text } of test.engine.output.logs(id, { follow: true })) lines.push(text);
    expect(lines).toEqual(['1', '2', '3']);
  });

  it('is followed until the reader leaves or gives up', async () => {
    const id = await run('while true; do echo x; sleep 0.01; done');
    let seen = 0;
    for await (const _ of test.engine.output.logs(id, { follow: true })) {
      seen += 1;
      if (seen === 5) break;
    }
    const left = new AbortController();
    for await (const _ of test.engine.output.logs(id, { follow: true, signal: left.signal })) {
      seen += 1;
      if (seen === 20) left.abort();
    }
    expect(seen).toBeGreaterThanOrEqual(20);
  });

  it('is followed as fast as it comes, none lost, without growth', { timeout: 300_000 }, async () => {
    const total = 200_000;
    const id = await run(`sleep 0.3; seq 1 ${total}`);
    let expected = 1;
    let lost = 0;
    let most = 0;
    global.gc?.();
    const before = process.memoryUsage().rss;
    for await (const { text } of test.engine.output.logs(id, { follow: true })) {
      if (text !== String(expected)) lost += 1;
      expected += 1;
      if (expected % 20_000 === 0) most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect({ lost, lines: expected - 1 }).toEqual({ lost: 0, lines: total });
    expect(most).toBeLessThan(100 * 1024 * 1024);
  });

  it('tells what it uses until it ends', async () => {
    const id = await run('i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; sleep 600', {
      limits: { memoryBytes: 64 * 2 ** 20 },
    });
    let readings = 0;
    for await (const stats of test.engine.output.stats(id)) {
      expect(stats).toMatchObject({ memoryLimitBytes: 64 * 2 ** 20, pids: expect.any(Number) });
      expect(stats.memoryBytes).toBeGreaterThan(10_000);
      readings += 1;
      if (readings === 2) await test.engine.containers.kill(id);
      if (readings > 5) break;
    }
    expect(readings).toBeGreaterThanOrEqual(2);
    expect(readings).toBeLessThan(5);
  });
});
