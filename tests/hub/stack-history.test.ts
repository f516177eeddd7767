import { TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables } from '@switchboard/db';
import { suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';
import { addPerson } from '../support/people.ts';

/** Changes of a stack over the hub's own API, with Compose looking at each text. */

let app: EngineApp;

function textOf(command: string) {
  return `services:\n  web:\n    image: ${app.image}\n    environment:\n      PASSWORD: \${PASSWORD}\n    command: ${command}\n`;
}

async function refusalOf(attempt: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw new Error('It was not refused.');
  const data = error.data as { code: string };
  return { code: data.code, message: error.message };
}

describe.skipIf(noEngine)(suiteTitle('the history of stacks', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterAll(() => app.stop());

  async function make(name: string) {
    const { stacks } = app.client();
    const path = `${app.docker.prefix}-${name}`;
    const { id } = await stacks.create.mutate({ path, content: textOf('sleep 1'), env: 'PASSWORD=first-value\n' });
    return { id, stacks };
  }
  async function numbers(id: string) {
    return (await app.client().stacks.versions.query({ id })).versions.map(({ number }) => number);
  }

  test('each change makes a version; a rollback takes the texts back and keeps the values of now', async () => {
    const { id, stacks } = await make('back');
    await stacks.update.mutate({ id, content: textOf('sleep 2'), env: 'PASSWORD=second-value\nMORE=third-value\n' });
    expect(await numbers(id)).toEqual([2, 1]);
    const diff = await stacks.diff.query({ id, from: 1, to: 2 });
    expect(diff.content.lines.filter(({ type }) => type === 'add')).toEqual([
      { type: 'add', text: '    command: sleep 2' },
    ]);
    expect(diff.changedValues).toEqual(['PASSWORD']);
    expect(JSON.stringify(diff)).not.toMatch(/first-value|second-value|third-value/);
    const restored = await stacks.restore.mutate({ id, number: 1 });
    expect(restored).toMatchObject({ content: textOf('sleep 1'), env: 'PASSWORD=***\n' });
    expect(await stacks.revealEnv.mutate({ id })).toEqual({ env: 'PASSWORD=second-value\n' });
    const { versions } = await stacks.versions.query({ id });
    expect(versions.map(({ number, restored: from, by }) => [number, from, by])).toEqual([
      [3, 1, 'admin'],
      [2, null, 'admin'],
      [1, null, 'admin'],
    ]);
    const entries = (await app.client().audit.list.query({ action: ['stack.update'] })).items;
    expect(entries[0]).toMatchObject({ target: id, details: { restored: 1, fields: ['content', 'env'] } });
    expect(JSON.stringify(entries)).not.toContain('value\\n');
  });

  test('a rollback whose values are gone is refused with their names, and changes nothing', async () => {
    const { id, stacks } = await make('gone');
    await stacks.update.mutate({ id, env: 'OTHER=other-value\n' });
    const refusal = await refusalOf(stacks.restore.mutate({ id, number: 1 }));
    expect(refusal.code).toBe('PRECONDITION_FAILED');
    expect(refusal.message).toContain('no value for PASSWORD');
    expect(await numbers(id)).toEqual([2, 1]);
    expect(await stacks.revealEnv.mutate({ id })).toEqual({ env: 'OTHER=other-value\n' });
    const absent = await refusalOf(stacks.restore.mutate({ id, number: 7 }));
    expect(absent).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('no version 7') });
  });

  test('what an admin wrote and its owner may not is refused in a version too', async () => {
    const keeper = await addPerson(app, 'keeper', { role: 'user' });
    await app.client().users.update.mutate({ id: 'keeper', patch: { grants: ['container.manage'] } });
    const path = `${app.docker.prefix}-policy`;
    const { stacks } = keeper.client();
    const { id } = await stacks.create.mutate({ path, content: textOf('sleep 1') });
    await app.client().stacks.update.mutate({ id, content: `${textOf('sleep 2')}    privileged: true\n` });
    await app.client().stacks.update.mutate({ id, content: textOf('sleep 3') });
    expect(await refusalOf(stacks.restore.mutate({ id, number: 2 }))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await stacks.restore.mutate({ id, number: 1 })).toMatchObject({ content: textOf('sleep 1') });
    const { versions } = await stacks.versions.query({ id });
    expect(versions.map(({ by }) => by)).toEqual(['keeper', 'admin', 'admin', 'keeper']);
  });

  test('all versions go with the stack', async () => {
    const { id, stacks } = await make('removed');
    const run = await stacks.remove.mutate({ id });
    await expect
      .poll(async () => (await app.client().engines.runs.query()).find((one) => one.id === run.id)?.outcome)
      .toBe('ok');
    expect((await refusalOf(stacks.versions.query({ id }))).code).toBe('NOT_FOUND');
    const left = await app.connection.db.select().from(tables.versions);
    expect(left.filter(({ entityId }) => entityId === id)).toEqual([]);
  });
});
