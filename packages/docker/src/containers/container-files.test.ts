import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';
import { relativePath } from './container-archive.ts';
import { absolute } from './container-paths.ts';

const found = await findTestEngine();

it.each(['relative', '', '/a/../b', '/a\0b'])('refuses the path %j in a container', (path) => {
  expect(() => absolute(path)).toThrow(expect.objectContaining({ code: 'invalid', field: 'path' }));
});

it.each(['/absolute', '', '../up', 'a/../../b', 'a\0b'])('refuses the path %j in an archive', (path) => {
  expect(() => relativePath(path)).toThrow(expect.objectContaining({ code: 'invalid', field: 'path' }));
});

describe.skipIf('missing' in found)(suiteTitle('files of a container on a real engine', found), () => {
  let test: TestEngine;
  let id = '';
  function files() {
    return test.engine.files;
  }

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    const { image, labels } = test;
    id = (await test.engine.containers.create({ image, labels, command: 'sleep 600' })).id;
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it('are written and read, also where the container does not run', async () => {
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
    await files().writeFiles(id, '/tmp', [
      { path: 'deep/er/a.bin', content, mode: 0o600 },
      { path: 'b.txt', content: 'grüße' },
    ]);
    expect((await files().readFile(id, '/tmp/deep/er/a.bin')).equals(content)).toBe(true);
    expect(String(await files().readFile(id, '/tmp/b.txt'))).toBe('grüße');
    const { entries } = await files().listFiles(id, '/tmp/deep/er');
    expect(entries.map(({ path, type, mode }) => [path, type, mode])).toContainEqual(['a.bin', 'file', 0o600]);
  });

  it('are bounded', async () => {
    await files().writeFiles(id, '/tmp', [{ path: 'big', content: Buffer.alloc(200_000) }]);
    await expect(files().readFile(id, '/tmp/big', { maxBytes: 100_000 })).rejects.toMatchObject({ code: 'too_large' });
    const big = [{ path: 'x', content: Buffer.alloc(1000) }];
    await expect(files().writeFiles(id, '/tmp', big, { maxBytes: 10 })).rejects.toMatchObject({ code: 'too_large' });
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1024);
      })(),
    );
    await expect(files().copyIn(id, '/tmp', endless, { maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'too_large',
    });
  });

  it('are named where they are missing', async () => {
    await expect(files().readFile(id, '/no/such')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('/no/such'),
    });
    await expect(files().readFile(id, '/tmp')).rejects.toMatchObject({ code: 'conflict' });
    await expect(files().writeFiles(id, '/no/such', [{ path: 'a', content: '' }])).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(files().readFile(id, '../etc')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('come in as an archive, unless it leads out', async () => {
    function archive(name: string) {
      const tar = pack();
      tar.entry({ name }, 'content');
      tar.finalize();
      return tar as unknown as Readable;
    }
    await files().copyIn(id, '/data', archive('from-archive.txt'));
    expect(String(await files().readFile(id, '/data/from-archive.txt'))).toBe('content');
    await expect(files().copyIn(id, '/data', archive('../escape'))).rejects.toMatchObject({ code: 'invalid' });
    await expect(files().copyIn(id, '/data', archive('/escape'))).rejects.toMatchObject({ code: 'invalid' });
  });
});
