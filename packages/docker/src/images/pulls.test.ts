import { describe, expect, it } from 'vitest';
import { hasRegistry, pushImage, startRegistry } from '../testing/testing-registry.ts';
import { findTestEngine, openTestEngine, suiteTitle } from '../testing/testing.ts';
import { createPulls } from './pulls.ts';

const found = await findTestEngine();
const why = hasRegistry() ? found : { missing: 'docker-registry is not installed' };

describe.skipIf('missing' in why)(suiteTitle('pulls that servers wait for', why), { timeout: 300_000 }, () => {
  it('go on when a start is given up, and serve whoever comes next', async () => {
    await using test = await openTestEngine('host' in found ? found.host : '');
    await using registry = await startRegistry();
    const name = `${registry.address}/pulls/app:1`;
    await pushImage(test.engine, test.image, name);
    await test.engine.images.remove(name);
    await test.engine.images.remove(test.image, { force: true });
    const pulls = createPulls(test.engine);
    const said: string[] = [];
    function tell(text: string) {
      return said.push(text);
    }
    const given = new AbortController();
    const first = pulls.ensure(name, 'missing', tell, given.signal);
    const second = pulls.ensure(name, 'missing', tell, new AbortController().signal);
    given.abort(new Error('took too long'));
    await expect(first).rejects.toThrow();
    await second;
    expect(await test.engine.images.has(name)).toBe(true);
    await pulls.ensure(name, 'missing', () => expect.fail('it is there'), new AbortController().signal);
    expect(said.at(-1)).toContain(`Pulling the image ${name}`);
  });

  it('that fail say why to all, and are tried again', async () => {
    await using test = await openTestEngine('host' in found ? found.host : '');
    const pulls = createPulls(test.engine);
    const { signal } = new AbortController();
    function pull() {
      return pulls.ensure('127.0.0.1:9/no/such:1', 'always', () => {}, signal);
    }
    const outcomes = await Promise.allSettled([pull(), pull()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(pull()).rejects.toThrow('127.0.0.1:9/no/such');
  });
});
