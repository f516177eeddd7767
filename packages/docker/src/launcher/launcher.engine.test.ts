import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine/engine.ts';
import { parseEngineHost } from '../engine/host.ts';
import { findStaticShell } from '../engine/pipes.ts';
import { canRunEngine, startOwnEngine } from '../testing/testing-dockerd.ts';
import { linksTo, testLaunch } from '../testing/testing-links.ts';
import { nodeRoot } from '../testing/testing-node.ts';
import { findTestEngine, importImage, suiteTitle } from '../testing/testing.ts';
import { createContainerLauncher } from './launcher.ts';
import { createSharedFolder } from './shared-folder.ts';

const found = await findTestEngine();
const fixtures = fileURLToPath(new URL('../../../mcp-runtime/src/upstream/fixtures/', import.meta.url));

describe.skipIf('missing' in found || !canRunEngine())(
  suiteTitle('an engine that goes while servers run', found),
  () => {
    it('closes their links, and takes everything back when it returns', { timeout: 300_000 }, async () => {
      await using own = await startOwnEngine();
      const engine = createEngine({ host: parseEngineHost(own.host) });
      engine.start();
      const names = ['stdio-server.mjs', 'answers.mjs'];
      const files = await Promise.all(names.map(async (name) => [name, await readFile(fixtures + name)] as const));
      await importImage(engine, 'server:1', {}, await nodeRoot(Object.fromEntries(files)), [
        'CMD ["/bin/node", "/app/stdio-server.mjs"]',
      ]);
      const root = await mkdtemp('/dev/shm/switchboard-test-');
      const shared = createSharedFolder(root);
      const shell = findStaticShell();
      const ways = linksTo(createContainerLauncher({ engine, hubId: 'h', shared, shell, proxy: null }));
      function open() {
        return ways.open(testLaunch('server:1'));
      }

      const links = await Promise.all([open(), open(), open()]);
      for (const link of links) expect(await link.request('echo', { a: 1 })).toMatchObject({ result: { a: 1 } });
      await own.stop();
      for (const link of links) await link.until(({ closed }) => closed.length > 0);
      expect(links.map(({ seen }) => seen.closed.length)).toEqual([1, 1, 1]);
      await expect(open()).rejects.toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('not reachable'),
      });
      expect(await readdir(root)).toEqual([]);

      await own.start();
      engine.look();
      await expect.poll(() => engine.state().phase, { timeout: 90_000 }).toBe('reachable');
      await expect.poll(() => engine.containers.list(), { timeout: 90_000 }).toEqual([]);
      await using again = await open();
      expect(await again.request('echo', { b: 2 })).toMatchObject({ result: { b: 2 } });
      await again.link.close({ graceMs: 500 });
      await ways.close();
      await engine.close();
      await rm(root, { recursive: true });
    });
  },
);
