import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../../support/app.ts';
import { addPerson } from '../../support/people.ts';
import { startReceiver, type Receiver } from '../../support/webhook-receiver.ts';
import { askUntil } from '../compat-app.ts';

let app: TestApp;
let receiver: Receiver;
beforeAll(async () => {
  app = await createTestApp();
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.seen.length = 0;
  receiver.answers.length = 0;
});
afterAll(async () => {
  await app.stop();
  await receiver[Symbol.asyncDispose]();
});

async function add(more: object = {}): Promise<Json> {
  const body = { name: 'ops', url: receiver.url, events: ['group.*'], ...more };
  return (await app.json('/api/webhooks', { body })).body.data;
}
async function deliveriesOf(id: string): Promise<Json[]> {
  return (await app.json(`/api/webhooks/${id}/deliveries`)).body.data.items;
}
function change() {
  return app.json('/api/groups', { body: { name: `g${crypto.randomUUID()}`, description: 'told' } });
}

test('a change is posted, signed, with what happened and who did it', async () => {
  const hook = await add();
  expect(hook.secret).toMatch(/^whsec_/);
  const { body, headers } = await change();
  await expect.poll(() => receiver.seen.length).toBe(1);
  const [post] = receiver.seen;
  const signature = createHmac('sha256', hook.secret)
    .update(post?.body ?? '')
    .digest('hex');
  expect(post?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-mcphub-signature-256': `sha256=${signature}`,
    'x-mcphub-event': 'group.created',
  });
  const event = JSON.parse(post?.body ?? '');
  expect(event).toMatchObject({
    id: expect.stringMatching(/^evt_/),
    type: 'group.created',
    version: '1.0',
    data: { groupId: body.data.id },
    metadata: { actor: { username: 'admin' }, requestId: headers.get('x-request-id') },
  });
  const [delivery] = await askUntil(
    () => deliveriesOf(hook.id),
    ([one]) => one?.state === 'delivered',
  );
  expect(delivery).toMatchObject({
    eventId: event.id,
    request: post?.body,
    status: 200,
    response: 'taken',
    attempts: 1,
  });
  expect(delivery.id).toBe(post?.headers['x-mcphub-delivery']);
  expect((await app.json(`/api/webhooks/${hook.id}`)).body.data).toMatchObject({ secret: '***' });
  await app.json(`/api/webhooks/${hook.id}`, { method: 'DELETE' });
});

test('what fails is told again with the same id, after a pause; redirects are not followed', async () => {
  const hook = await add();
  receiver.answers.push(
    (response) => void response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end('over there'),
  );
  await change();
  const [delivery] = await askUntil(
    () => deliveriesOf(hook.id),
    ([one]) => one?.state === 'delivered',
  );
  expect(delivery).toMatchObject({ attempts: 2, status: 200, error: null });
  expect(receiver.seen.map(({ path }) => path)).toEqual(['/hook', '/hook']);
  expect(new Set(receiver.seen.map(({ body }) => body)).size).toBe(1);
  const again = await app.json(`/api/webhooks/${delivery.id}/redeliver`, { method: 'POST' });
  expect(again.status).toBe(202);
  await expect.poll(() => receiver.seen.length).toBe(3);
  expect(receiver.seen[2]?.body).toBe(receiver.seen[0]?.body);
  await app.json(`/api/webhooks/${hook.id}`, { method: 'DELETE' });
});

test('a test says at once how it went, whatever the receiver does', async () => {
  const hook = await add({ events: ['*'], enabled: false });
  async function tried() {
    const { status, body } = await app.json(`/api/webhooks/${hook.id}/test`, { method: 'POST' });
    expect(status).toBe(200);
    return body.data;
  }
  expect(await tried()).toMatchObject({ type: 'webhook.test', state: 'delivered', status: 200 });
  receiver.answers.push((response) => void response.writeHead(500).end('x'.repeat(1_000_000)));
  const refused = await tried();
  expect(refused).toMatchObject({ state: 'failed', status: 500, attempts: 1 });
  expect(refused.response.length).toBeLessThan(10_000);
  receiver.answers.push((response) => void response.destroy());
  expect(await tried()).toMatchObject({ state: 'failed', status: null, error: expect.any(String) });
  // It promises more than it sends: what came until then counts.
  receiver.answers.push((response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    response.destroy();
  });
  expect((await tried()).state).toBe('failed');
  await app.json(`/api/webhooks/${hook.id}`, { method: 'DELETE' });
});

test('a receiver that hangs holds up nobody', async () => {
  const hook = await add();
  receiver.answers.push(() => undefined);
  await change();
  await expect.poll(() => receiver.seen.length).toBe(1);
  // The first one is still held; the second is told all the same.
  await change();
  await expect.poll(() => receiver.seen.length).toBeGreaterThan(1);
  expect((await change()).status).toBe(201);
  await app.json(`/api/webhooks/${hook.id}`, { method: 'DELETE' });
});

test('signing in and out are told, and the events asked for alone', async () => {
  const hook = await add({ events: ['user.login', 'user.logout'] });
  const person = await addPerson(app, 'visitor');
  await person.json('/api/auth/logout', { method: 'POST', body: {} });
  await change();
  await expect
    .poll(() => receiver.seen.map(({ headers }) => String(headers['x-mcphub-event'])).toSorted())
    .toEqual(['user.login', 'user.logout']);
  expect(receiver.seen.map(({ body }) => JSON.parse(body).data.username)).toEqual(['visitor', 'visitor']);
  await app.json(`/api/webhooks/${hook.id}`, { method: 'DELETE' });
});

test('wrong input is refused, and says what is wrong', async () => {
  const good = { name: 'ops', url: receiver.url, events: ['group.*'] };
  for (const wrong of [
    { url: 'ftp://example.com' },
    { url: 'nothing' },
    { events: [] },
    { events: ['group.odd'] },
    { name: '' },
    { secret: 'short' },
    { url: undefined },
  ]) {
    const { status, body } = await app.json('/api/webhooks', { body: { ...good, ...wrong } });
    expect([wrong, status, body.error?.code]).toEqual([wrong, 422, 'VALIDATION_ERROR']);
  }
  expect((await app.json('/api/webhooks/none')).status).toBe(404);
  expect((await app.json('/api/webhooks/none/redeliver', { method: 'POST' })).status).toBe(404);
  const user = await addPerson(app, 'curious');
  expect((await user.json('/api/webhooks')).status).toBe(403);
  expect((await app.json('/api/webhooks', { auth: false })).status).toBe(401);
});
