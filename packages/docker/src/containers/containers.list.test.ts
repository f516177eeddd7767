import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../engine/engine.ts';
import { parseEngineHost } from '../engine/host.ts';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';

const found = await findTestEngine();
const containers = 60;

async function timed(run: () => Promise<unknown>) {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

describe.skipIf('missing' in found)(suiteTitle('a list of many containers', found), { timeout: 300_000 }, () => {
  let test: TestEngine;

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    const { image, labels } = test;
    function make() {
      return test.engine.containers.create({ image, labels, network: 'none' }, { pull: 'never' });
    }
    for (let made = 0; made < containers; made += 10) await Promise.all(Array.from({ length: 10 }, make));
  });
  afterAll(() => test[Symbol.asyncDispose](), 120_000);

  it('takes little longer than the engine’s own answer', async () => {
    const { docker } = test.engine.connection;
    const own: number[] = [];
    const ours: number[] = [];
    await test.engine.containers.list();
    for (let round = 0; round < 20; round += 1) {
      own.push(await timed(() => docker.listContainers({ all: true })));
      ours.push(await timed(() => test.engine.containers.list()));
    }
    // The best of each: other suites use the same engine meanwhile. A few milliseconds more are the clock's.
    expect(Math.min(...ours)).toBeLessThan(Math.min(...own) * 3 + 20);
  });

  it('is whole and true, also for somebody who has just come', async () => {
    const engine = createEngine({ host: parseEngineHost('host' in found ? found.host : '') });
    const listed = await engine.containers.list({ labels: [test.label] });
    await engine.close();
    expect(new Set(listed.map(({ id }) => id)).size).toBe(containers);
    expect(listed.every(({ status, environment }) => status === 'created' && environment['PATH'] === '/bin')).toBe(
      true,
    );
    const seen = await test.engine.containers.list({ labels: [test.label] });
    expect(new Map(seen.map((one) => [one.id, one]))).toEqual(new Map(listed.map((one) => [one.id, one])));
  });
});
