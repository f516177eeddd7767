import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { DomainError } from './errors.ts';
import type { DomainEvent } from './events.ts';
import { said } from './reasons.ts';
import { makeTestCore, type TestCore } from './testing.ts';
import { inTransaction, verb } from './verb.ts';

let hub: TestCore;
const heard: DomainEvent[] = [];
beforeAll(async () => {
  hub = await makeTestCore();
  hub.core.events.subscribe((event) => void heard.push(event));
});
afterAll(() => hub.close());
beforeEach(async () => {
  heard.length = 0;
  await hub.testDb.db.execute(sql`select prune_history('infinity', 'infinity')`);
  await hub.testDb.db.delete(tables.slugs);
});

const Input = z.object({ slug: z.string().min(1), fail: z.boolean().default(false) });
const add = verb({ name: 'server.create', access: 'write', input: Input }, async (ctx, { slug, fail }) => {
  await ctx.db.insert(tables.slugs).values({ slug, kind: 'server', ref: slug });
  ctx.audit({ id: slug });
  ctx.emit({ type: 'server.created', id: slug });
  if (fail) throw new DomainError('precondition', said('on purpose'));
  return slug;
});
async function audits() {
  return (await hub.testDb.db.select().from(tables.audit).orderBy(tables.audit.id)).map(({ subject }) => subject);
}
async function slugs() {
  return (await hub.testDb.db.select().from(tables.slugs)).map(({ slug }) => slug).sort();
}

describe('verb', () => {
  it('writes, audits in the same transaction and tells after commit', async () => {
    expect(await add(hub.ctx(), { slug: 'a' })).toBe('a');
    expect([await slugs(), await audits(), heard.length]).toEqual([['a'], ['a'], 1]);
    expect(add.spec.name).toBe('server.create');
  });

  it('leaves nothing and says nothing where it fails', async () => {
    await expect(add(hub.ctx(), { slug: 'a', fail: true })).rejects.toMatchObject({ code: 'precondition' });
    expect([await slugs(), await audits(), heard]).toEqual([[], [], []]);
  });

  it('decides before it looks at the input', async () => {
    const viewer = await hub.addUser('viewer');
    await expect(add(hub.ctx(viewer), { slug: '' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(add(hub.ctx(), { slug: '' })).rejects.toMatchObject({ code: 'invalid', details: { field: 'slug' } });
  });

  it('rolls a nested verb back alone, or everything with the outer one', async () => {
    const outer = verb(
      { name: 'server.import', access: 'write', input: z.object({ fail: z.boolean() }) },
      async (ctx, { fail }) => {
        await add(ctx, { slug: 'kept' });
        await add(ctx, { slug: 'lost', fail: true }).catch(() => undefined);
        ctx.audit({ id: 'outer' });
        expect(heard).toEqual([]);
        if (fail) throw new DomainError('precondition', said('on purpose'));
      },
    );
    await outer(hub.ctx(), { fail: false });
    expect([await slugs(), await audits()]).toEqual([['kept'], ['kept', 'outer']]);
    expect(heard).toEqual([{ type: 'server.created', id: 'kept' }]);
    heard.length = 0;
    await hub.testDb.db.delete(tables.slugs);
    await expect(outer(hub.ctx(), { fail: true })).rejects.toMatchObject({ code: 'precondition' });
    expect([await slugs(), heard]).toEqual([[], []]);
  });

  it('keeps what a verb without a transaction committed, though it fails later', async () => {
    const slow = verb(
      { name: 'server.operate', access: 'write', input: Input, tx: false },
      async (ctx, { slug, fail }) => {
        await inTransaction(ctx, async (tx) => {
          await tx.db.insert(tables.slugs).values({ slug, kind: 'server', ref: slug });
          tx.audit({ id: slug });
          tx.emit({ type: 'server.changed', id: slug });
        });
        if (fail) throw new DomainError('unavailable', said('on purpose'));
      },
    );
    await expect(slow(hub.ctx(), { slug: 'b', fail: true })).rejects.toMatchObject({ code: 'unavailable' });
    await slow(hub.ctx(), { slug: 'c' });
    expect([await slugs(), await audits(), heard.length]).toEqual([['b', 'c'], ['b', 'c'], 2]);
  });

  it('audits a write that says nothing about itself, and no read', async () => {
    const quiet = verb({ name: 'session.end', access: 'write', input: z.object({}) }, () => Promise.resolve(1));
    const read = verb({ name: 'server.read', access: 'read', input: z.object({}) }, () => Promise.resolve(1));
    await quiet(hub.ctx(), {});
    await read(hub.ctx(), {});
    expect(await hub.testDb.db.select().from(tables.audit)).toMatchObject([{ action: 'session.end', subject: null }]);
  });

  it('says conflict for a broken unique rule, without SQL or values', async () => {
    await add(hub.ctx(), { slug: 'a' });
    const error: unknown = await add(hub.ctx(), { slug: 'a' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'conflict' });
    expect(String(error)).not.toMatch(/insert|slugs/i);
  });

  it('goes on where a listener throws', async () => {
    const end = hub.core.events.subscribe(() => {
      throw new Error('a listener');
    });
    await add(hub.ctx(), { slug: 'z' });
    end();
    expect(heard).toHaveLength(1);
  });
});
