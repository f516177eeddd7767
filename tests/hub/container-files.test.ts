import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';

let app: EngineApp;
function client() {
  return app.client();
}

describe.skipIf(noEngine)(suiteTitle('folders and links of containers', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterAll(() => app.stop());

  test('a folder of any size is listed, and links lead to what lies behind them', async () => {
    const body = { image: app.image, name: `${app.docker.prefix}-folders`, command: ['sleep', '600'], start: true };
    const { id } = (await app.json('/api/containers/create', { body })).body;
    const script = `mkdir /data/logs; head -c 40000000 /dev/zero > /data/logs/app.log; echo hi > /data/real; ln -s real /data/link; ln -s /none /data/gone; ln -s data/logs /short`;
    expect((await app.docker.engine.exec.run(id, ['sh', '-c', script])).exitCode).toBe(0);
    async function list(path: string) {
      const { entries, complete } = await client().containers.files.query({ id, path });
      expect(complete).toBe(true);
      return entries.map(({ path: name, type, targetType }) => `${name}: ${type} ${targetType}`).sort();
    }
    expect(await list('/')).toEqual(expect.arrayContaining(['data: directory null', 'short: link directory']));
    expect(await list('/data')).toEqual([
      'gone: link missing',
      'link: link file',
      'logs: directory null',
      'real: file null',
    ]);
    expect(await list('/short')).toEqual(['app.log: file null']);
    expect((await client().containers.readFile.query({ id, path: '/data/link' })).text).toBe('hi\n');
    expect(await (await app.fetch(`/api/containers/${id}/file?path=/data/link`)).text()).toBe('hi\n');
    function write(path: string) {
      return client().containers.writeFiles.mutate({ id, directory: '/data', files: [{ path, text: 'new\n' }] });
    }
    await write('link');
    expect((await client().containers.readFile.query({ id, path: '/data/real' })).text).toBe('new\n');
    await expect(write('logs')).rejects.toThrow(/logs/);
    expect((await app.json(`/api/containers/${id}/file?path=/data/gone`)).body.detail).toContain(
      '/data/gone is a link',
    );
  });
});
