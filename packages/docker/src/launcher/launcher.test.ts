import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLink } from '../../../mcp-runtime/src/upstream/links/link.behaviour.ts';
import { findStaticShell } from '../engine/pipes.ts';
import { linksTo, testLaunch } from '../testing/testing-links.ts';
import { nodeRoot } from '../testing/testing-node.ts';
import {
  buffersInUse,
  findTestEngine,
  importImage,
  openTestEngine,
  suiteTitle,
  type TestEngine,
} from '../testing/testing.ts';
import { createContainerLauncher, removeOrphanContainers } from './launcher.ts';
import { createSharedFolder } from './shared-folder.ts';

const found = await findTestEngine();
const fixtures = fileURLToPath(new URL('../../../mcp-runtime/src/upstream/fixtures/', import.meta.url));

const shell = findStaticShell();
/** A server behaves the same whichever way its messages go. */
const ways = [
  { way: 'past the engine', shell, isShared: true, missing: shell === null },
  { way: 'through the engine', shell: null, isShared: false, missing: false },
].filter(({ missing }) => !missing);

describe.skipIf('missing' in found).for(ways)(
  suiteTitle('servers in containers, their messages $way', found),
  { timeout: 300_000 },
  ({ shell, isShared }) => {
    let test: TestEngine;
    let image = '';
    let hubId = '';
    let root = '';
    let links: ReturnType<typeof linksTo>;
    async function containers() {
      return await test.engine.containers.list({ labels: [`switchboard.hub=${hubId}`] });
    }

    beforeAll(async () => {
      test = await openTestEngine('host' in found ? found.host : '');
      hubId = test.prefix;
      image = `switchboard-test/node:${test.prefix}`;
      const names = ['stdio-server.mjs', 'answers.mjs'];
      const files = await Promise.all(names.map(async (name) => [name, await readFile(fixtures + name)] as const));
      const changes = ['CMD ["/bin/node", "/app/stdio-server.mjs"]'];
      await importImage(test.engine, image, test.labels, await nodeRoot(Object.fromEntries(files)), changes);
      root = await mkdtemp('/dev/shm/switchboard-test-');
      const shared = isShared ? createSharedFolder(root) : null;
      links = linksTo(createContainerLauncher({ engine: test.engine, hubId, shared, shell, proxy: null }));
    });
    afterAll(async () => {
      await removeOrphanContainers(test.engine, hubId);
      await rm(root, { recursive: true });
      await links.close();
      await test[Symbol.asyncDispose]();
    });

    type Change = Parameters<typeof testLaunch>[1];
    function open(change: Change = {}, options = {}) {
      return links.open(testLaunch(image, change), { answerWith: { roots: [] }, ...options });
    }
    const stubborn = { command: ['/bin/node', '/app/stdio-server.mjs', 'stubborn'] };

    describeLink('a container', () => open());

    describe('closing', () => {
      it('lets a server end by the end of its input, and leaves nothing', async () => {
        const link = await open();
        await link.request('echo');
        const begun = performance.now();
        await link.link.close({ graceMs: 120_000 });
        expect(performance.now() - begun).toBeLessThan(60_000);
        expect(await containers()).toEqual([]);
        expect(link.seen.closed).toEqual([null]);
      });

      it('kills a stubborn server within the grace', async () => {
        const link = await open(stubborn);
        await link.request('grandchild');
        const begun = performance.now();
        await link.link.close({ graceMs: 600 });
        expect(performance.now() - begun).toBeGreaterThan(500);
        expect(performance.now() - begun).toBeLessThan(60_000);
        expect(await containers()).toEqual([]);
      });

      it('kills at once without a grace, also when asked while a longer one runs', async () => {
        const link = await open(stubborn);
        await link.request('echo');
        const begun = performance.now();
        const slow = link.link.close({ graceMs: 120_000 });
        await link.link.close({ graceMs: 0 });
        await slow;
        expect(performance.now() - begun).toBeLessThan(60_000);
      });
    });

    describe('a server that ends by itself', () => {
      it('closes the link with its code and its last complaint, secrets masked, and leaves nothing', async () => {
        const link = await open({ env: { TOKEN: 'very-secret' } });
        void link.request('exit', { code: 3, text: 'Error: bad key very-secret\n    at x' }).catch(() => {});
        await link.until(({ closed }) => closed.length > 0);
        expect(link.seen.closed).toMatchObject([
          { code: 'closed', message: 'The container ended with exit code 3: Error: bad key ***' },
        ]);
        await expect(link.request('echo')).rejects.toMatchObject({ code: 'closed' });
        expect(await containers()).toEqual([]);
      });

      if (isShared) {
        it('is ended when it closes its output, for it can never answer again', async () => {
          const script = 'process.on("SIGTERM", () => {}); require("fs").closeSync(1); setInterval(() => {}, 1000)';
          const link = await open({ command: ['/bin/node', '-e', script] });
          await link.until(({ closed }) => closed.length > 0);
          expect(await containers()).toEqual([]);
        });
      }

      it('because its program is missing says so', async () => {
        const link = await open({ command: ['/no/such/program'] });
        await link.until(({ closed }) => closed.length > 0);
        expect(link.seen.closed[0]?.message).toMatch(/exit code 127: .*\/no\/such\/program/);
      });

      it('for lack of memory says so', async () => {
        const script = 'const all = []; setInterval(() => all.push(Buffer.alloc(8e6, 1)), 1)';
        const link = await open({ command: ['/bin/node', '-e', script], limits: { memoryBytes: 96 * 2 ** 20 } });
        await link.until(({ closed }) => closed.length > 0);
        expect(link.seen.closed[0]?.message).toBe('The container used more than its 96 MB of memory and was ended.');
      });

      it('because somebody killed its container closes the link', async () => {
        const link = await open();
        const [container] = await containers();
        await test.engine.containers.kill(container?.id ?? '');
        await link.until(({ closed }) => closed.length > 0);
        expect(link.seen.closed[0]).toMatchObject({ code: 'closed', message: expect.stringContaining('137') });
      });
    });

    describe('files that it is given', () => {
      const main = `
        import { writeFileSync } from 'node:fs';
        import { createInterface } from 'node:readline';
        import { word } from './lib/deep/word.mjs';
        function write(path) {
          try { writeFileSync(path, 'x'); return 'ok'; } catch ({ code }) { return code; }
        }
        createInterface({ input: process.stdin }).on('line', (line) => {
          const { id } = JSON.parse(line);
          const writes = ['/tool/main.mjs', '/tool/x', '/tool/lib/x'].map(write);
          process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: { word, writes } }) + '\\n');
        });`;
      const files = { 'main.mjs': main, 'lib/deep/word.mjs': "export const word = 'found';" };

      it('are there to be read, and to nothing else', async () => {
        const link = await open({ files, command: ['/bin/node', '/tool/main.mjs'] });
        const refused = expect.stringMatching(/^E(ROFS|ACCES)$/) as string;
        expect(await link.request('look')).toMatchObject({
          result: { word: 'found', writes: [refused, refused, refused] },
        });
        await link.link.close({ graceMs: 5_000 });
        expect(await readdir(root)).toEqual([]);
      });
    });

    describe('a start that cannot be', () => {
      it.each<[string, Change, string]>([
        ['a missing image', { image: '127.0.0.1:9/no/such:1' }, '127.0.0.1:9/no/such'],
        ['no image at all', { image: 'not an image' }, 'no image name'],
        ['a missing network', { network: { kind: 'named', name: 'no-such-network' } }, 'no-such-network'],
        ['a secret with an odd name', { secrets: { '../x': 'y' } }, '../x'],
        ['a file outside of its folder', { files: { '../x': 'y' } }, '../x'],
      ])('says why: %s', async (_title, change, message) => {
        await expect(open(change)).rejects.toMatchObject({
          name: 'LinkError',
          code: 'unreachable',
          message: expect.stringContaining(message),
        });
        expect(await containers()).toEqual([]);
        expect(await readdir(root)).toEqual([]);
      });

      it('is given up without a trace', async () => {
        for (const ms of [0, 20, 60, 120, 200, 300]) {
          const signal = AbortSignal.timeout(ms);
          await open({}, { signal }).then(
            (link) => link.link.close({ graceMs: 0 }),
            (error: unknown) => expect(error).toMatchObject({ code: 'closed' }),
          );
        }
        expect(await containers()).toEqual([]);
      });
    });

    describe('output that is no message', () => {
      it('is logged, bounded, and harms nothing', async () => {
        await using link = await open();
        await link.request('garbage', { lines: ['Server listening', '{broken'] });
        await link.request('flood', { lines: 200_000 });
        expect(await link.request('echo', { ok: 1 })).toMatchObject({ result: { ok: 1 } });
        await link.until(({ logs }) => logs.some(({ text }) => text.includes('dropped')));
        expect(link.seen.logs.filter(({ source }) => source === 'stdout').map(({ text }) => text)).toEqual([
          'Server listening',
          '{broken',
        ]);
        expect(link.seen.logs.length).toBeLessThan(2_000);
      });

      it('does not hold memory when a message has 50 MB', async () => {
        await using link = await open();
        const before = buffersInUse();
        const error = await link.request('big', { bytes: 50 * 1024 * 1024 }).catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: 'too_large' });
        expect(buffersInUse() - before).toBeLessThan(40 * 1024 * 1024);
      });
    });

    it('refuses messages for a server that does not read', async () => {
      await using link = await open(stubborn);
      await link.request('deaf');
      const message = { jsonrpc: '2.0', method: 'notifications/x', params: { text: 'x'.repeat(1024 * 1024) } } as const;
      const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => link.link.send(message)));
      expect(outcomes.at(-1)).toMatchObject({
        reason: { code: 'unreachable', message: expect.stringContaining('does not read') },
      });
    });

    it('finds what a killed hub left, and removes it', async () => {
      const link = await open(stubborn);
      expect(await containers()).toHaveLength(1);
      expect(await removeOrphanContainers(test.engine, 'another-hub')).toEqual([]);
      expect(await removeOrphanContainers(test.engine, hubId)).toHaveLength(1);
      await link.until(({ closed }) => closed.length > 0);
      expect(await containers()).toEqual([]);
    });
  },
);
