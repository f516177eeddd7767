import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { answerJson, openSickEngine, type SickEngine } from '@switchboard/docker/testing-sick';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';
import { readEvents } from '../support/sse.ts';
import { until } from '../support/until.ts';

let app: EngineApp;
let engine: SickEngine;
function client() {
  return app.client();
}
function named(word: string) {
  return `${app.docker.prefix}-${word}`;
}
const mega = 1_000_000;

async function started(word: string, script: string): Promise<string> {
  const body = { image: app.image, name: named(word), command: ['sh', '-c', script], start: true };
  const { status, body: made } = await app.json('/api/containers/create', { body });
  expect(status, JSON.stringify(made)).toBe(201);
  return made.id;
}
/** On the engine itself: a program in a container takes the connection over, which the socket between does not know. */
async function inContainer(id: string, script: string) {
  expect((await app.docker.engine.exec.run(id, ['sh', '-c', script])).exitCode).toBe(0);
}

describe.skipIf(noEngine)(suiteTitle('what is large or sick', engineFound), () => {
  beforeAll(async () => {
    engine = await openSickEngine();
    app = await createEngineApp({ DOCKER_HOST: engine.host });
  });
  afterAll(async () => {
    await app.stop();
    engine[Symbol.dispose]();
  });

  test('of a large file the beginning is told, and how large it is', async () => {
    const id = await started('large', 'sleep 600');
    await inContainer(
      id,
      `yes 'grüße 新' | head -c ${30 * mega} > /big.txt; head -c ${30 * mega} /dev/zero > /big.bin; echo hi > /small`,
    );
    const text = await client().containers.readFile.query({ id, path: '/big.txt' });
    expect(text).toMatchObject({ bytes: 30 * mega, truncated: true, base64: null });
    expect(text.text?.startsWith('grüße 新\n')).toBe(true);
    expect(Buffer.byteLength(text.text ?? '')).toBeGreaterThan(1024 * 1024 - 4);
    expect(Buffer.byteLength(text.text ?? '')).toBeLessThanOrEqual(1024 * 1024);
    const binary = await client().containers.readFile.query({ id, path: '/big.bin' });
    expect(binary).toMatchObject({ bytes: 30 * mega, truncated: true, text: null });
    expect(Buffer.from(binary.base64 ?? '', 'base64').length).toBe(1024 * 1024);
    const small = await client().containers.readFile.query({ id, path: '/small' });
    expect(small).toMatchObject({ bytes: 3, truncated: false, text: 'hi\n', base64: null });
  });

  test('a file of any size is downloaded whole, and a folder as an archive', async () => {
    const id = await started('download', 'sleep 600');
    await inContainer(id, `yes 0123456789 | head -c ${40 * mega} > '/data/a b.txt'`);
    const answer = await app.fetch(`/api/containers/${id}/file?path=${encodeURIComponent('/data/a b.txt')}`);
    expect(answer.headers.get('content-length')).toBe(String(40 * mega));
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''a%20b.txt");
    const content = Buffer.from(await answer.arrayBuffer());
    expect(content.length).toBe(40 * mega);
    expect(content.equals(Buffer.from('0123456789\n'.repeat(4 * mega).slice(0, 40 * mega)))).toBe(true);
    // A busy engine may refuse the archive while it still closes the download: the answer says why, and it is asked again.
    let archive: Response | undefined;
    await expect
      .poll(async () => {
        archive = await app.fetch(`/api/containers/${id}/archive?path=/data`);
        return archive.ok ? archive.headers.get('content-type') : await archive.text();
      })
      .toBe('application/x-tar');
    expect((await archive?.arrayBuffer())?.byteLength).toBeGreaterThan(40 * mega);
    for (const [path, status] of [
      ['/no/such', 404],
      ['/data', 409],
      ['relative', 422],
    ] as const) {
      const refused = await app.json(`/api/containers/${id}/file?path=${encodeURIComponent(path)}`);
      expect([refused.status, typeof refused.body.detail], path).toEqual([
        status,
        expect.stringMatching(/string|object/),
      ]);
    }
    expect((await app.json(`/api/containers/${id}/archive?path=/no/such`)).status).toBe(404);
  });

  test('a download that nobody reads waits at the engine, and one that is left ends there', async () => {
    const id = await started('slow', 'sleep 600');
    await inContainer(id, `head -c ${60 * mega} /dev/zero > /big`);
    const sockets: Socket[] = [];
    let ended = false;
    engine.ails((request, response) => {
      if (request.method !== 'GET' || !(request.url ?? '').includes('/archive')) return undefined;
      if (response.socket) sockets.push(response.socket);
      response.on('close', () => {
        ended = true;
      });
      return undefined;
    });
    const leave = new AbortController();
    const answer = await app.fetch(`/api/containers/${id}/file?path=/big`, { signal: leave.signal });
    const reader = answer.body?.getReader();
    await reader?.read();
    let last = -1;
    function taken() {
      return sockets[0]?.bytesWritten ?? 0;
    }
    await until(async () => {
      const now = taken();
      const rests = now === last;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return rests;
    }, 'the engine rests');
    expect(taken()).toBeGreaterThan(0);
    expect(taken()).toBeLessThan(30 * mega);
    expect(ended).toBe(false);
    leave.abort();
    await until(async () => ended, 'the request to the engine ended');
    engine.ails(() => undefined);
  });

  test('a long log is one document, whatever is in it', async () => {
    const id = await started('log', `seq 1 200000; printf 'odd "\\\\ \\001 \\303\\274 新\\n'; echo end`);
    await until(async () => (await client().containers.get.query({ id })).status === 'exited', 'it ended', 90_000);
    const answer = await app.fetch(`/api/containers/${id}/logs?tail=1000000&timestamps=false`);
    expect(answer.headers.get('content-type')).toContain('application/json');
    const { logs } = (await answer.json()) as { logs: string };
    const lines = logs.split('\n');
    expect(lines.length).toBe(200_003);
    expect(lines.slice(199_999)).toEqual(['200000', 'odd "\\ \u0001 ü 新', 'end', '']);
  });

  test('one container that the engine cannot describe harms no list, no figures and no log of others', async () => {
    const content = `services:\n  web:\n    image: ${app.image}\n    command: sh -c 'echo web says; sleep 600'\n  sick:\n    image: ${app.image}\n    command: sh -c 'echo sick says; sleep 600'\n`;
    const up = await app.json('/api/compose/up', { body: { content, path: named('stack') } });
    expect(up.status, JSON.stringify(up.body)).toBe(200);
    const { items } = await client().containers.list.query({ project: named('stack') });
    function idOf(service: string) {
      return items.find((one) => one.service === service)?.id ?? '';
    }
    const sick = idOf('sick');
    engine.ails((request, response) =>
      new RegExp(`/containers/${sick}/(?:json|logs)`).test(request.url ?? '')
        ? answerJson(response, 500, { message: 'the layer is gone' })
        : undefined,
    );
    await client().containers.restart.mutate({ id: idOf('web'), graceMs: 0 });
    await app.docker.engine.containers.restart(sick, { graceMs: 0 });
    await until(async () => {
      const list = await client().containers.list.query({ project: named('stack') });
      return list.items.some(({ undescribed }) => undescribed !== null);
    }, 'the list tells of it');
    const list = await client().containers.list.query({ project: named('stack') });
    expect(list.items.find(({ id }) => id === sick)).toMatchObject({
      service: 'sick',
      undescribed: 'the layer is gone',
    });
    expect(list.items.find(({ id }) => id !== sick)).toMatchObject({ status: 'running', undescribed: null });
    expect((await app.json('/api/containers/')).body.length).toBeGreaterThan(1);
    const { items: stacks } = await client().stacks.list.query({});
    expect(stacks.find(({ project }) => project === named('stack'))?.services).toHaveLength(2);
    const query = encodeURIComponent(JSON.stringify({ ids: [sick, idOf('web')] }));
    for await (const { event, data } of readEvents(app, `/trpc/containers.stats?input=${query}`)) {
      if (event === 'serialized-error') throw new Error(JSON.stringify(data));
      if (event === null) {
        expect((data as { id: string }).id).toBe(idOf('web'));
        break;
      }
    }
    const stack = stacks.find(({ project }) => project === named('stack'))?.id ?? '';
    async function said() {
      return (await client().stacks.logs.query({ id: stack })).lines.map(({ text }) => text);
    }
    await expect.poll(said).toContain('web says');
    expect(await said()).toContainEqual(expect.stringContaining('the layer is gone'));
    engine.ails(() => undefined);
    await client().stacks.remove.mutate({ id: stack });
  });
});
