import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { newId } from '../secrets.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import { verb } from '../verb.ts';
import { diffStackVersions, listStackVersions, restoreStack } from './history.ts';
import { changeStack } from './keep.ts';
import { requireStack, sealEnv } from './queries.ts';

/** A change as every verb of stacks makes it; Compose's part is not needed for what is kept of it. */
const change = verb(
  {
    name: 'stack.update',
    access: 'write',
    input: z.object({ id: z.string(), content: z.string(), env: z.string().nullable() }),
  },
  async (ctx, { id, content, env }) => {
    await changeStack(ctx, await requireStack(ctx, id, 'stack.update'), { content, env });
  },
);

describe('the history of a stack', () => {
  let hub: TestCore;
  beforeAll(async () => {
    hub = await makeTestCore();
  });
  afterAll(() => hub?.close());

  async function addStack(content: string, env: string | null) {
    const id = newId();
    const ctx = hub.ctx();
    await ctx.db.insert(tables.stacks).values({
      id,
      engine: 'far',
      project: `p-${id.toLowerCase()}`,
      folder: id,
      file: 'compose.yaml',
      content,
      env: sealEnv(ctx, id, env),
      ownerId: hub.admin.id,
    });
    return id;
  }

  it('holds no value of the environment file, in no column', async () => {
    const id = await addStack('services: {}\n', '# db\nPASSWORD=hunter2hunter2\n');
    await change(hub.ctx(), { id, content: 'services: {}\n# more\n', env: 'PASSWORD=correct-horse\nPORT=5432123\n' });
    const { versions, most } = await listStackVersions(hub.ctx(), { id });
    expect(versions.map(({ number, by }) => [number, by])).toEqual([
      [2, 'admin'],
      [1, null],
    ]);
    expect(most).toBe(100);
    const rows = JSON.stringify(await hub.ctx().db.select().from(tables.versions));
    for (const value of ['hunter2', 'correct-horse', '5432123']) expect(rows).not.toContain(value);
    const diff = await diffStackVersions(hub.ctx(), { id, from: 1, to: 2 });
    expect(diff.content).toMatchObject({ added: 1, removed: 0 });
    expect(diff.env.lines).toEqual([
      { type: 'remove', text: '# db' },
      { type: 'same', text: 'PASSWORD=***' },
      { type: 'add', text: 'PORT=***' },
      { type: 'same', text: '' },
    ]);
    expect(diff.changedValues).toEqual(['PASSWORD']);
  });

  it('tells that a value is another one, and none that is the same', async () => {
    const id = await addStack('services: {}\n', 'A=1\nB=2\n');
    await change(hub.ctx(), { id, content: 'services: {}\n', env: 'A=1\nB=3\n' });
    await change(hub.ctx(), { id, content: 'services: {}\n', env: 'A=1\nB=3\n' });
    expect((await listStackVersions(hub.ctx(), { id })).versions).toHaveLength(2);
    expect(await diffStackVersions(hub.ctx(), { id, from: 1, to: 2 })).toMatchObject({
      env: { lines: [] },
      changedValues: ['B'],
    });
  });

  it('restores nothing whose engine and values are gone, and names them', async () => {
    const id = await addStack('services: {}\n', 'TOKEN=abc\nKEPT=1\n');
    await change(hub.ctx(), { id, content: 'services: {}\n', env: 'KEPT=2\n' });
    await expect(restoreStack(hub.ctx(), { id, number: 1 })).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(/Version 1 cannot be restored: the engine "far" .*; .* no value for TOKEN: /),
    });
    await expect(restoreStack(hub.ctx(), { id, number: 9 })).rejects.toMatchObject({ code: 'not_found' });
    expect((await listStackVersions(hub.ctx(), { id })).versions).toHaveLength(2);
  });

  it('is not there for who may not see the stack', async () => {
    const id = await addStack('services: {}\n', null);
    const user = await hub.addUser('user');
    for (const attempt of [
      () => listStackVersions(hub.ctx(user), { id }),
      () => diffStackVersions(hub.ctx(user), { id, from: 1, to: 1 }),
      () => restoreStack(hub.ctx(user), { id, number: 1 }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});
