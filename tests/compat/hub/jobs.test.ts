import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

const nobody = '00000000-0000-4000-8000-000000000000';

test('GET /api/jobs tells which work the hub does, and when', async () => {
  const { status, body } = await app.json('/api/jobs');
  expect(status).toBe(200);
  expect(body).toMatchObject({ success: true, data: { trouble: null, setAside: [] } });
  expect(body.data.types.map(({ name }: { name: string }) => name)).toEqual([
    'alerts.evaluate',
    'claude.answer',
    'claude.tell',
    'conversation.name',
    'history.prune',
    'notification.send',
    'oauth.prune',
    'sessions.prune',
    'task-routes.prune',
    'webhooks.deliver',
    'webhooks.prune',
  ]);
  // They run soon after a start: none has yet, and each waits.
  const prune = body.data.types.find(({ name }: { name: string }) => name === 'history.prune');
  expect(prune).toMatchObject({
    schedule: '11 * * * *',
    waiting: 1,
    failed: 0,
    lastRun: null,
    nextRunAt: expect.stringMatching(/:11:00\.000Z$/),
  });
});

test('a job that was set aside is told with its reason, retried or dropped', async () => {
  await app.connection.run(
    `insert into switchboard_jobs.job (name, data, source_name, source_output)
     values ('set-aside', '{"version":1,"input":{}}', 'history.prune', '{"reason":"disk full"}')`,
  );
  const [job] = (await app.json('/api/jobs')).body.data.setAside;
  expect(job).toMatchObject({ type: 'history.prune', reason: 'disk full', tries: 1, input: {} });
  const refused = await app.json(`/api/jobs/set-aside/${job.id}/retry`, { method: 'POST' });
  expect([refused.status, refused.body.error.message]).toEqual([
    409,
    expect.stringContaining('retry this one when it is done, or drop it'),
  ]);
  const dropped = await app.json(`/api/jobs/set-aside/${job.id}`, { method: 'DELETE' });
  expect([dropped.status, dropped.body.data.reason]).toEqual([200, 'disk full']);
  expect((await app.json('/api/jobs')).body.data.setAside).toEqual([]);
});

test('an id that names no such job is told apart from one that is no id', async () => {
  expect((await app.json(`/api/jobs/set-aside/${nobody}`, { method: 'DELETE' })).status).toBe(404);
  const wrong = await app.json('/api/jobs/set-aside/mine/retry', { method: 'POST' });
  expect([wrong.status, JSON.stringify(wrong.body)]).toEqual([422, expect.stringContaining('must be a UUID')]);
});

test('probes and metrics tell whether jobs are run', async () => {
  expect((await app.json('/ready', { auth: false })).body).toMatchObject({ ready: true, jobs: 'running' });
  expect(await (await app.fetch('/metrics')).text()).toContain('switchboard_jobs_up 1');
});
