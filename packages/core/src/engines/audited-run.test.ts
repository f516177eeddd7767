import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listAudit } from '../audit/verbs.ts';
import { DomainError } from '../errors.ts';
import { said } from '../reasons.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import { verb } from '../verb.ts';
import { auditRun, auditWork } from './audited-run.ts';
import { startEngineRun } from './runs.ts';

type Work = (signal: AbortSignal) => Promise<Record<string, unknown> | null>;

/** Pulls an image, as far as the trail is concerned: the engine's part is the test's. */
function pulling(work: Work) {
  return verb(
    { name: 'image.pull', access: 'write', input: z.object({ image: z.string() }), tx: false },
    async (ctx, { image }) => {
      const resource = { type: 'image', owner: null } as const;
      const plan = { kind: 'image.pull', engine: 'local', subject: image, resource } as const;
      const run = startEngineRun(ctx, plan, ({ signal }) => work(signal));
      await auditRun(ctx, run, { engine: 'local', as: null });
      return run;
    },
  );
}

/** The same within a request. */
function pullingAtOnce(work: Work) {
  return verb(
    { name: 'image.pull', access: 'write', input: z.object({ image: z.string() }), tx: false },
    async (ctx, { image }) =>
      await auditWork(ctx, { kind: 'image.pull', engine: 'local', subject: image, details: { as: null } }, async () => {
        await work(ctx.signal);
        return { id: 'sha256:abc' };
      }),
  );
}

describe('the trail of work within a request', () => {
  let hub: TestCore;
  beforeAll(async () => {
    hub = await makeTestCore();
  });
  afterAll(() => hub?.close());

  async function trail() {
    const { items } = await listAudit(hub.ctx(), { kind: 'change', action: ['image.pull'], limit: 2 });
    return items.toReversed();
  }
  function runOf({ details }: { details?: unknown } = {}) {
    return (details as { run: string }).run;
  }

  it('has an entry as soon as it began, and one with the id of what was made', async () => {
    const done = Promise.withResolvers<null>();
    const answer = pullingAtOnce(() => done.promise)(hub.ctx(), { image: 'busybox:1' });
    const begun = { target: 'busybox:1', outcome: 'begun', details: { as: null, run: expect.any(String) } };
    await expect.poll(trail).toMatchObject([begun]);
    done.resolve(null);
    await answer;
    const entries = await trail();
    expect(entries).toMatchObject([begun, { target: 'sha256:abc', outcome: 'ok' }]);
    expect(runOf(entries[1])).toBe(runOf(entries[0]));
  });

  it('says why it failed, and of a fault in the hub nothing', async () => {
    const absent = new DomainError('not_found', said('There is no such image.'));
    await expect(pullingAtOnce(() => Promise.reject(absent))(hub.ctx(), { image: 'absent' })).rejects.toBe(absent);
    const entries = await trail();
    const failed = { target: 'absent', outcome: 'error', error: 'There is no such image.' };
    expect(entries).toMatchObject([{ outcome: 'begun' }, failed]);
    expect(runOf(entries[1])).toBe(runOf(entries[0]));
    const fault = new Error('secret=hunter2');
    await expect(pullingAtOnce(() => Promise.reject(fault))(hub.ctx(), { image: 'broken' })).rejects.toBe(fault);
    expect((await trail()).at(-1)).toMatchObject({ outcome: 'error', error: 'Something went wrong in the hub.' });
  });

  it('says that its caller left', async () => {
    const caller = new AbortController();
    const ctx = { ...hub.ctx(), signal: caller.signal };
    const left: Work = (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const answer = pullingAtOnce(left)(ctx, { image: 'slow' });
    await expect.poll(trail).toMatchObject([{}, { target: 'slow', outcome: 'begun' }]);
    caller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'timeout' });
    expect((await trail()).at(-1)).toMatchObject({ target: 'slow', outcome: 'cancelled' });
  });
});

describe('the trail of a run', () => {
  let hub: TestCore;
  beforeAll(async () => {
    hub = await makeTestCore();
  });
  afterAll(() => hub?.close());

  async function trailOf(runId: string) {
    const { items } = await listAudit(hub.ctx(), { kind: 'change', action: ['image.pull'], limit: 100 });
    return items.filter(({ details }) => (details as { run?: string }).run === runId).toReversed();
  }

  it('has an entry as soon as it began, and one with the id of what was made', async () => {
    const done = Promise.withResolvers<Record<string, unknown>>();
    const run = await pulling(() => done.promise)(hub.ctx(), { image: 'busybox:1' });
    const begun = { action: 'image.pull', target: 'busybox:1', outcome: 'begun', userName: 'admin', error: null };
    expect(await trailOf(run.id)).toMatchObject([{ ...begun, details: { engine: 'local', as: null, run: run.id } }]);
    hub.clock.advance(1_500);
    done.resolve({ id: 'sha256:abc', tags: ['busybox:1'] });
    await hub.core.deps.runs.wait(run.id);
    expect(await trailOf(run.id)).toMatchObject([
      begun,
      { action: 'image.pull', target: 'sha256:abc', outcome: 'ok', durationMs: 1_500, userName: 'admin' },
    ]);
  });

  it('says why it failed, to the owner in words and of a fault in the hub nothing', async () => {
    const refused = await pulling(() => Promise.reject(new DomainError('not_found', said('There is no such image.'))))(
      hub.ctx(),
      { image: 'absent' },
    );
    const broken = await pulling(() => Promise.reject(new Error('secret=hunter2')))(hub.ctx(), { image: 'broken' });
    await Promise.all([refused, broken].map(({ id }) => hub.core.deps.runs.wait(id)));
    expect((await trailOf(refused.id)).at(-1)).toMatchObject({
      target: 'absent',
      outcome: 'error',
      error: 'There is no such image.',
    });
    expect((await trailOf(broken.id)).at(-1)).toMatchObject({
      outcome: 'error',
      error: 'Something went wrong in the hub.',
    });
    expect(JSON.stringify(await trailOf(broken.id))).not.toContain('hunter2');
  });

  it('keeps the end of a run whose failure is told in text that no database takes', async () => {
    const told = `\0registry\ud800${'x'.repeat(1_000_000)}`;
    const run = await pulling(() => Promise.reject(new DomainError('unavailable', said(told))))(hub.ctx(), {
      image: 'odd',
    });
    await hub.core.deps.runs.wait(run.id);
    const end = (await trailOf(run.id)).at(-1);
    expect(end).toMatchObject({ outcome: 'error', error: expect.stringMatching(/^registry\ufffdx+$/) });
    expect(end?.error).toHaveLength(2_000);
  });

  it('tells what was given up, also by the end of the hub', async () => {
    const wait: Work = (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
    const run = await pulling(wait)(hub.ctx(), { image: 'slow' });
    await hub.core.deps.runs.close();
    expect((await trailOf(run.id)).map(({ outcome }) => outcome)).toEqual(['begun', 'cancelled']);
  });

  it('is found by how it ended', async () => {
    for (const outcome of ['begun', 'ok', 'error', 'cancelled'] as const) {
      const { items } = await listAudit(hub.ctx(), { kind: 'change', action: ['image.pull'], outcome: [outcome] });
      expect(new Set(items.map((entry) => entry.outcome))).toEqual(new Set([outcome]));
    }
  });
});
