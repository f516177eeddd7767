import { afterAll, beforeAll, describe, expect } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../../support/engine.ts';
import { readEvents, takeEvents } from '../../support/sse.ts';
import { askUntil } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: EngineApp;
let count = 0;

/** A started container that says this. */
async function say(script: string, more: object = {}): Promise<string> {
  const name = `${app.docker.prefix}-says-${(count += 1)}`;
  const body = { image: app.image, name, command: ['sh', '-c', script], start: true, ...more };
  const made = await app.json('/api/containers/create', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return name;
}
async function logsOf(name: string, query = ''): Promise<string> {
  const { status, body } = await app.json(`/api/containers/${name}/logs${query}`);
  expect([status, Object.keys(body)]).toEqual([200, ['logs']]);
  return body.logs;
}
function ended(name: string) {
  return askUntil(
    () => app.docker.engine.containers.get(name),
    ({ status }) => status === 'exited',
  );
}

describe.skipIf(noEngine)(suiteTitle('output of containers', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterAll(() => app.stop());

  verifies(10, 'gives both outputs as one text with times, the last hundred lines', async () => {
    const name = await say('for n in $(seq 150); do echo line $n; done; sleep 0.3; echo wrong >&2');
    await ended(name);
    const lines = (await logsOf(name)).trimEnd().split('\n');
    expect(lines).toHaveLength(100);
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (line \d+|wrong)$/);
    expect(lines.join('\n')).toMatch(/ wrong/);
    expect(await logsOf(name, '/?tail=2')).toMatch(/^\S+ .+\n\S+ .+\n$/);
    expect(await logsOf(name, '?tail=0')).toBe('');
  });

  verifies(10, 'of a terminal too, with what is no UTF-8 replaced', async () => {
    const name = await say('printf "na\\303\\257ve \\377 end\\n"', { tty: true });
    await ended(name);
    expect(await logsOf(name, '?timestamps=false')).toBe('naïve \uFFFD end\n');
  });

  verifies(10, 'of a terminal holds long lines as they were written', async () => {
    const name = await say('seq -s, 1 20000', { tty: true });
    await ended(name);
    const line = `${Array.from({ length: 20_000 }, (_, index) => index + 1).join(',')}\n`;
    expect(await logsOf(name, '?timestamps=false')).toBe(line);
    expect((await logsOf(name)).replace(/^\S+ /, '')).toBe(line);
  });

  verifies(10, 'says in words where the log driver keeps nothing to read', async () => {
    const { image: Image, labels: Labels } = app.docker;
    const HostConfig = { LogConfig: { Type: 'none', Config: {} } };
    const spec = { Image, Labels, HostConfig, Cmd: ['sleep', '60'] };
    const { id } = await app.docker.engine.connection.docker.createContainer(spec);
    for (const query of ['', '?follow=true']) {
      const { status, body } = await app.json(`/api/containers/${id}/logs${query}`);
      expect([status, body.detail]).toEqual([409, expect.stringContaining('log driver')]);
    }
  });

  verifies(10, 'since and until bound it; what is no number or moment is told', async () => {
    const name = await say('echo early; sleep 1.2; echo late');
    await ended(name);
    const [early = ''] = (await logsOf(name)).split('\n');
    const moment = new Date(Date.parse(early.split(' ')[0] ?? '') + 500).toISOString();
    expect(await logsOf(name, `?timestamps=false&since=${moment}`)).toBe('late\n');
    expect(await logsOf(name, `?timestamps=false&until=${moment}`)).toBe('early\n');
    for (const query of ['?tail=many', '?tail=-1', '?since=yesterday', '?follow=perhaps']) {
      const { status, body } = await app.json(`/api/containers/${name}/logs${query}`);
      expect([query, status, Array.isArray(body.detail)]).toEqual([query, 422, true]);
    }
    expect((await app.json('/api/containers/no-such-one/logs')).status).toBe(404);
  });

  verifies(10, 'follow streams what is there, then what comes, and ends with the container', async () => {
    const name = await say('echo first; sleep 1; echo second >&2; sleep 0.2');
    const seen: unknown[] = [];
    for await (const { event, id, data } of readEvents(app, `/api/containers/${name}/logs?follow=true`)) {
      expect(id).toBe(data.time);
      seen.push([event, data.stream, data.text]);
    }
    expect(seen).toEqual([
      ['log', 'stdout', 'first'],
      ['log', 'stderr', 'second'],
    ]);
  });

  verifies(10, 'stats tell what it uses, as a stream or once', async () => {
    const name = await say('while true; do :; done', { limits: { cpus: 0.2, memory: 32 * 1024 * 1024 } });
    const events = await takeEvents(app, `/api/containers/${name}/stats`, 3);
    const last = events.at(-1)?.data;
    expect(events.every(({ event }) => event === 'stats')).toBe(true);
    expect(last.cpu_percent).toBeGreaterThan(1);
    expect(last).toMatchObject({ memory_limit_bytes: 32 * 1024 * 1024, pids: expect.any(Number) });
    const once = await app.json(`/api/containers/${name}/stats?stream=false`);
    expect(Object.keys(once.body)).toEqual(Object.keys(last));
    await app.docker.engine.containers.kill(name);
    expect((await app.json(`/api/containers/${name}/stats?stream=false`)).body).toBeNull();
  });
});
