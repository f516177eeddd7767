import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../../support/app.ts';
import { addPerson, type Caller } from '../../support/people.ts';

/** Who changed and called what: beyond the document, in its family. */

let app: TestApp;
let worker: Caller;
beforeAll(async () => {
  app = await createTestApp();
  worker = await addPerson(app, 'worker');
  await app.json('/api/groups', { body: { name: 'team' } });
  await app.json('/api/groups/team', { method: 'PUT', body: { displayName: '=Team, "quoted"' } });
});
afterAll(() => app.stop());

async function read(query = ''): Promise<Json> {
  return (await app.json(`/api/audit/logs${query}`)).body.data;
}
function actions(data: Json): string[] {
  return data.logs.map(({ action }: Json) => action);
}

describe('the trail', () => {
  test('tells who did what to what, from where, newest first', async () => {
    const data = await read('?action=group.*');
    expect(actions(data)).toEqual(['group.update', 'group.create']);
    expect(data.logs[0]).toMatchObject({
      kind: 'change',
      userName: 'admin',
      actorType: 'user',
      target: 'team',
      outcome: 'ok',
      address: expect.stringMatching(/127\.0\.0\.1|::1/),
      requestId: expect.any(String),
      durationMs: expect.any(Number),
      timestamp: expect.stringMatching(/Z$/),
    });
  });

  test('is filtered, searched and read page by page', async () => {
    expect(actions(await read('?user=worker'))).toEqual(expect.arrayContaining(['session.create']));
    expect(actions(await read('?search=team&action=group.create'))).toEqual(['group.create']);
    expect(await read('?since=2099-01-01')).toMatchObject({ logs: [], pagination: { hasMore: false } });
    const first = await read('?limit=1');
    expect(first.pagination).toMatchObject({ limit: 1, hasMore: true });
    const second = await read(`?limit=1&cursor=${encodeURIComponent(first.pagination.nextCursor)}`);
    expect(second.logs[0].id).not.toBe(first.logs[0].id);
    expect((await app.json('/api/audit/logs?outcome=fine')).status).toBe(400);
    expect((await app.json('/api/audit/logs?limit=0')).status).toBe(422);
  });

  test('is exported as CSV and as JSON lines, which is written down too', async () => {
    const csv = await app.fetch('/api/audit/logs?format=csv&action=group.*');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.csv"$/);
    expect(csv.headers.has('x-ratelimit-limit')).toBe(true);
    const lines = (await csv.text()).trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^at,kind,action,outcome,/);
    const jsonl = await app.fetch('/api/audit/logs?format=jsonl&action=group.*');
    const entries = (await jsonl.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ action }) => action)).toEqual(['group.update', 'group.create']);
    expect(actions(await read('?action=audit.export'))).toHaveLength(2);
  });

  test('shows others only what they did themselves', async () => {
    const { body } = await worker.json('/api/audit/logs');
    expect(body.data.logs.every(({ userId }: Json) => userId === worker.id)).toBe(true);
    expect((await app.json('/api/audit/logs', { auth: false })).status).toBe(401);
  });
});
