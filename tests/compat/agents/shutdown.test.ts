import { describe, expect } from 'vitest';
import { startProvider } from '@switchboard/agents/testing';
import { createModel } from '@switchboard/core/models';
import type { TestEnv } from '../../support/app.ts';
import { addPerson, callerOf } from '../../support/people.ts';
import { createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

const allowed: TestEnv = { ALLOW_SHUTDOWN: 'true', ALLOW_PRIVATE_URLS: 'true' };
const needed = 'This hub is not stopped over HTTP: that needs ALLOW_SHUTDOWN=true in its settings.';

describe.each(['', '/api'])('below %j', (prefix) => {
  verifies(102, 'answers, counts the graphs that run, and ends', async () => {
    await using provider = await startProvider();
    const app = await createCompatApp(allowed);
    try {
      const system = app.core.ctxFor({ type: 'system', job: 'test' });
      await createModel(system, { name: 'slow', baseUrl: provider.url, apiKey: 'sk', visibility: 'everyone' });
      provider.script(...Array.from({ length: 2 }, () => ({ text: 'Once upon a time', stallAfter: 2 })));
      await app.json('/graphs', { body: { name: 'long', nodes: [{ name: 'a', model_name: 'slow' }] } });
      for (let run = 0; run < 2; run += 1) {
        const body = { graph_name: 'long', input_text: 'Go', background: true };
        expect((await app.json('/graphs/execute', { body })).status).toBe(200);
      }
      await expect.poll(() => provider.requests.length, { timeout: 30_000 }).toBe(2);
      const example = `curl -X POST "http://localhost:8000${prefix}/system/shutdown"`;
      expect(await app.curl(example, { 'http://localhost:8000': app.url })).toEqual({
        status: 'success',
        message: '服务关闭过程已启动',
        active_sessions: 2,
      });
      function reached() {
        return fetch(`${app.url}/health`).then(Boolean, () => false);
      }
      await expect.poll(reached, { timeout: 30_000 }).toBe(false);
    } finally {
      await app.stop();
    }
  });
});

verifies(102, 'is refused where the settings do not allow it, also to admins', async () => {
  await using app = await createCompatApp();
  const { status, body } = await app.json('/system/shutdown', { method: 'POST' });
  expect([status, body]).toEqual([403, { detail: needed }]);
  expect((await fetch(`${app.url}/ready`)).status).toBe(200);
});

verifies(102, 'is refused to everybody but admins', async () => {
  await using app = await createCompatApp(allowed);
  const manager = await addPerson(app, 'manager', { role: 'manager' });
  const user = await addPerson(app, 'user');
  const admin = app.client();
  const keys = await Promise.all([
    admin.keys.create.mutate({ name: 'reads', scopes: ['read'] }),
    admin.keys.create.mutate({ name: 'confined', resources: ['model:demo'] }),
  ]);
  for (const caller of [manager, user, ...keys.map(({ key }) => callerOf(app, key))]) {
    expect((await caller.json('/system/shutdown', { method: 'POST' })).status).toBe(403);
  }
  expect((await callerOf(app, '').json('/system/shutdown', { method: 'POST' })).status).toBe(401);
  expect((await fetch(`${app.url}/ready`)).status).toBe(200);
});
