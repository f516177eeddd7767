import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTestCore, type TestCore } from '../testing.ts';
import { catalogue } from './catalogue/catalogue.ts';
import { addPairs, listPairs, removePairs } from './pairs.ts';
import { actionsOfOpenApi } from './sources.ts';
import { exportApps, importApps } from './transfer.ts';
import { tryApp } from './try.ts';
import { createApp, getApp, listApps, removeApp } from './verbs.ts';

let hub: TestCore;
beforeEach(async () => {
  hub = await makeTestCore();
  await hub.core.start();
});
afterEach(() => hub.close());

function plain(name: string) {
  return { category: 'Test', name, displayName: name };
}

/** Enough to be of several kinds. */
const some = catalogue.slice(0, 4);

describe('apps that travel', () => {
  it('are the same in another hub', async () => {
    await importApps(hub.ctx(), { apps: [...some] });
    const exported = await exportApps(hub.ctx(), {});
    for (const { id } of await listApps(hub.ctx(), {})) await removeApp(hub.ctx(), { id });
    const text = JSON.stringify(exported.apps);
    expect(await importApps(hub.ctx(), { apps: JSON.parse(text) as unknown[] })).toMatchObject({
      total: some.length,
      created: some.length,
      failed: 0,
    });
    expect((await exportApps(hub.ctx(), {})).apps).toEqual(exported.apps);
    expect(await importApps(hub.ctx(), { apps: exported.apps.slice(0, 2) })).toMatchObject({ created: 0, updated: 2 });
  });

  it('cost no other where they are wrong: of 1,000 three are named', async () => {
    const apps: unknown[] = Array.from({ length: 1_000 }, (_, at) => plain(`app-${at}`));
    apps[10] = { ...plain('bad name'), name: 'bad name' };
    apps[500] = 'no app';
    apps[999] = { ...plain('api'), category: 'api' };
    const done = await importApps(hub.ctx(await hub.addUser('manager')), { apps });
    expect(done).toMatchObject({ total: 1_000, created: 997, updated: 0, failed: 3 });
    expect(done.errors.map(({ index, app }) => [index, app])).toEqual([
      [10, 'Test/bad name'],
      [500, ''],
      [999, 'api/api'],
    ]);
  });

  it('are not overwritten by somebody else', async () => {
    await createApp(hub.ctx(), { ...plain('Mine'), description: 'mine' });
    const done = await importApps(hub.ctx(await hub.addUser('user')), {
      apps: [{ ...plain('Mine'), description: 'theirs' }],
    });
    expect([done.updated, done.failed]).toEqual([0, 1]);
    expect((await getApp(hub.ctx(), { id: 'Test/Mine' })).description).toBe('mine');
  });
});

describe('an OpenAPI document', () => {
  const yaml = `openapi: 3.1.0
info: { title: Shop, version: '1' }
paths:
  /items/{id}:
    get:
      operationId: getItem
      summary: Get an item
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
      responses:
        '200':
          description: The item
          content:
            application/json:
              example: { id: 7, name: Lamp }
`;
  it('becomes actions, in YAML as in JSON', async () => {
    const { actions, displayName } = await actionsOfOpenApi(hub.ctx(), { text: yaml });
    expect([displayName, actions.map(({ name }) => name)]).toEqual(['Shop', ['getItem']]);
    const app = await createApp(hub.ctx(), { ...plain('Shop'), actions });
    const { result } = await tryApp(hub.ctx(), { id: app.id, action: 'getItem', arguments: { id: 7 } });
    expect(result?.['structuredContent']).toEqual({ id: 7, name: 'Lamp' });
  });

  it('that is none is refused at its field', async () => {
    for (const text of [
      '{',
      '{"openapi": 3}',
      'a: [',
      `{"openapi":"3.0.0","a":${'['.repeat(50_000)}`,
      'x'.repeat(1_100_000),
    ]) {
      await expect(actionsOfOpenApi(hub.ctx(), { text })).rejects.toMatchObject({ code: 'invalid' });
    }
  });
});

describe('recorded calls', () => {
  it('are answered as they were, until they are removed', async () => {
    const app = await createApp(hub.ctx(), {
      ...plain('Recorded'),
      actions: [
        {
          name: 'ask',
          displayName: '',
          description: '',
          parameters: [],
          inputSchema: { type: 'object' },
          outputSchema: null,
          annotations: null,
          answers: [{ mode: 'replay' }],
          changes: null,
        },
      ],
    });
    const result = { zz: 1, content: [{ type: 'text', text: 'As it was: {"odd":  "spaces"}' }], aa: { b: 1, a: 2 } };
    await addPairs(hub.ctx(), { id: app.id, pairs: [{ action: 'ask', arguments: { b: 2, a: 1 }, result }] });
    const asked = { id: app.id, action: 'ask', arguments: { a: 1, b: 2 } };
    const tried = await tryApp(hub.ctx(), asked);
    expect([tried.mode, JSON.stringify(tried.result)]).toEqual(['replay', JSON.stringify(result)]);
    expect((await getApp(hub.ctx(), { id: app.id })).pairs).toBe(1);
    const [pair] = await listPairs(hub.ctx(), { id: app.id });
    await removePairs(hub.ctx(), { id: app.id, pairs: [pair?.id ?? ''] });
    expect((await tryApp(hub.ctx(), asked)).mode).not.toBe('replay');
    const other = hub.ctx(await hub.addUser('user'));
    await expect(listPairs(other, { id: app.id })).rejects.toMatchObject({ code: 'not_found' });
  });
});
