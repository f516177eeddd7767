import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventKinds } from '../events.ts';
import { createGroup } from '../groups/verbs.ts';
import { createKey } from '../keys/verbs.ts';
import { makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { verb } from '../verb.ts';
import { createServer, removeServer, updateServer } from './verbs.ts';

const ofRuntime = ['server_items', 'servers'];
const ofAccess = ['api_keys', 'group_items', 'group_members', 'group_servers', 'groups', 'oauth_grants', 'users'];

/** Tells of a change that nothing in memory follows, as the verbs of stacks do. */
const changeStack = verb(
  { name: 'stack.operate', access: 'write', input: z.object({ id: z.string() }) },
  async (ctx, { id }) => {
    ctx.audit({ id });
    ctx.emit({ type: 'stack.changed', id, owner: null, engine: 'local', project: id });
  },
);

describe('what follows the database in memory', () => {
  let hub: TestCore;
  let statements: string[] = [];

  beforeAll(async () => {
    hub = await makeTestCore();
    const { sql } = hub.testDb.connection;
    const unsafe = sql.unsafe.bind(sql);
    sql.unsafe = ((text: string, ...rest: never[]) => {
      statements.push(text);
      return unsafe(text, ...rest);
    }) as typeof sql.unsafe;
  });
  afterAll(() => hub?.close());

  /** Tables that were read whole, or nearly so, while something was done. */
  async function readDuring(act: () => Promise<unknown>): Promise<string[]> {
    statements = [];
    await act();
    const whole = statements.flatMap((text) => {
      if (!/ order by /.test(text)) return [];
      return /^select .* from "(\w+)" (?:where \(?"\w+"\."(?:expires_at|status)"|order by)/s.exec(text)?.[1] ?? [];
    });
    return [...new Set(whole)].toSorted();
  }

  it('is read whole when it begins to follow', async () => {
    expect(await readDuring(() => hub.core.deps.hub.reconcile())).toEqual([...ofAccess, ...ofRuntime].toSorted());
  });

  it('is not read again for a change that it does not hold', async () => {
    expect(await readDuring(() => changeStack(hub.ctx(), { id: 'web' }))).toEqual([]);
  });

  it('reads servers and their items again when a server was made or changed', async () => {
    expect(await readDuring(() => createServer(hub.ctx(), makeRemoteDraft({ id: 'files' })))).toEqual(ofRuntime);
    expect(
      await readDuring(() => updateServer(hub.ctx(), { id: 'files', patch: { name: 'Files of the team' } })),
    ).toEqual(ofRuntime);
    expect(hub.core.select({ key: 'local' }, 'files')?.title).toBe('Files of the team');
  });

  it('reads people, keys and groups again when one of them changed', async () => {
    expect(await readDuring(() => createGroup(hub.ctx(), { name: 'team' }))).toEqual(ofAccess);
    expect(await readDuring(() => createKey(hub.ctx(), { name: 'robot' }))).toEqual(ofAccess);
    expect(hub.core.select({ key: 'local' }, 'team')?.title).toBe('team');
  });

  it('reads everything again when a server is gone, which its groups and keys named', async () => {
    expect(await readDuring(() => removeServer(hub.ctx(), { id: 'files' }))).toEqual(
      [...ofAccess, ...ofRuntime].toSorted(),
    );
    expect(hub.core.select({ key: 'local' }, 'files')).toBeNull();
  });

  it('has an answer for every event', () => {
    for (const { affects: parts } of Object.values(eventKinds))
      expect(['runtime', 'access', 'simulator', 'settings', 'personal']).toEqual(expect.arrayContaining([...parts]));
  });
});
