import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { until } from '../support/until.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

/** The hub is killed between an event and its delivery: a later one tells it, with the same id. */

/** A killed hub is missed by its heartbeat, and then looked for. */
const env = { JOB_POLL: '1s' };

test('what a killed hub had not told is told by the next one', async () => {
  await using receiver = await startReceiver();
  // Nobody answers the first request: the hub is killed while it waits.
  receiver.answers.push(() => undefined);
  await using hub = await startHub({ env });
  const { id } = await hub.api.webhooks.create.mutate({ name: 'ops', url: receiver.url, events: ['group.*'] });
  const name = `told-${randomUUID()}`;
  await hub.api.groups.create.mutate({ name });
  await until(() => receiver.seen.length > 0, 'the hub begins to tell');
  const [waiting] = (await hub.api.webhooks.deliveries.query({ id })).items;
  await hub.end('SIGKILL');
  await hub.restart();
  await until(() => receiver.seen.length > 1, 'the next hub tells it again', 240_000);
  expect(receiver.seen.map(({ body }) => JSON.parse(body).id)).toEqual([waiting?.eventId, waiting?.eventId]);
  expect(receiver.seen[1]?.body).toBe(waiting?.request);
  await until(async () => {
    const [delivery] = (await hub.api.webhooks.deliveries.query({ id })).items;
    return delivery?.state === 'delivered';
  }, 'it is written down that it was taken');
});

test('a change that was said yes to is told, however soon the hub was killed', async () => {
  await using receiver = await startReceiver();
  await using hub = await startHub({ env });
  await hub.api.webhooks.create.mutate({ name: 'ops', url: receiver.url, events: ['group.created'] });
  const name = `soon-${randomUUID()}`;
  await hub.api.groups.create.mutate({ name });
  await hub.end('SIGKILL');
  await hub.restart();
  await until(() => receiver.seen.length > 0, 'the event is told', 240_000);
  expect(JSON.parse(receiver.seen[0]?.body ?? '')).toMatchObject({ type: 'group.created' });
});
