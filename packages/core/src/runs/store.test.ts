import { describe, expect, it } from 'vitest';
import { silentLog } from '../testing.ts';
import type { KeptRun, RunPlan, RunTeller } from './contract.ts';
import { limitsOfRuns } from './kinds.ts';
import { createRuns } from './runs.ts';
import type { RunStore, StoredEntry } from './store.ts';

type Call = 'playground.call';
const kinds = ['playground.call'] as const;
const plan: RunPlan<Call> = {
  kind: 'playground.call',
  subject: 'demo',
  resource: { type: 'server' },
  owner: { person: 'ann', credential: 'user:ann:1' },
  facts: { method: 'tools/call', name: 'echo' },
};
const ok = { type: 'result', result: {}, durationMs: 0 } as const;

/** What a database would do, as text, so that nothing is shared with the process that wrote it. */
function makeStore() {
  const rows = new Map<string, { kept: string; entries: Map<number, string> }>();
  let away = 0;
  async function there() {
    away -= 1;
    if (away >= 0) throw new Error('The database is away.');
  }
  function textOf({ run, resource, owner }: KeptRun) {
    return JSON.stringify({ run, resource, owner });
  }
  function readKept(text: string): KeptRun {
    const { run, ...kept } = JSON.parse(text) as KeptRun;
    const endedAt = run.endedAt === null ? null : new Date(run.endedAt);
    return { ...kept, run: { ...run, startedAt: new Date(run.startedAt), endedAt } };
  }
  const store: RunStore = {
    async begin(kept) {
      await there();
      if (!rows.has(kept.run.id)) rows.set(kept.run.id, { kept: textOf(kept), entries: new Map() });
    },
    async append(id, entries) {
      await there();
      for (const entry of entries) rows.get(id)?.entries.set(entry.seq, JSON.stringify(entry));
    },
    async end(kept) {
      await there();
      const row = rows.get(kept.run.id);
      if (row) row.kept = textOf(kept);
    },
    async load(id) {
      const row = rows.get(id);
      if (!row) return null;
      const entries = [...row.entries.values()].map((text) => JSON.parse(text) as StoredEntry);
      return { kept: readKept(row.kept), entries };
    },
    async interrupt(now) {
      const left = [...rows.values()].filter(({ kept }) => readKept(kept).run.endedAt === null);
      for (const row of left) {
        const kept = readKept(row.kept);
        row.kept = textOf({ ...kept, run: { ...kept.run, endedAt: now, outcome: 'interrupted' } });
      }
      return left.length;
    },
  };
  return {
    store,
    beAway: (calls: number) => void (away = calls),
    entriesOf: (id: string) => rows.get(id)?.entries.size,
  };
}

function makeRuns(store: RunStore) {
  const all = limitsOfRuns({ runsPerPerson: 3 });
  const limits = { ...all, 'playground.call': { ...all['playground.call'], isStored: true } };
  return createRuns({ clock: { now: () => 1_000 }, log: silentLog, limits, store });
}
function say({ tell }: RunTeller<Call>, method: string) {
  tell({ type: 'notification', method, params: {} });
}
const signal = new AbortController().signal;

describe('a run that is stored', () => {
  it('is there with its log and its end for the next process', async () => {
    const { store } = makeStore();
    const first = makeRuns(store);
    const { id } = first.start(plan, async (teller) => {
      say(teller, 'one');
      say(teller, 'two');
      return ok;
    });
    await first.wait(id);
    const told = await Array.fromAsync(first.follow(id, kinds, { after: 0, signal }));
    const second = makeRuns(store);
    expect(second.find(id, kinds)).toBeNull();
    expect(await second.load(id, kinds)).toMatchObject({ owner: plan.owner, run: { outcome: 'ok', result: ok } });
    expect(await Array.fromAsync(second.follow(id, kinds, { after: 0, signal }))).toEqual(told);
    expect(await second.load('ghost', kinds)).toBeNull();
  });

  it('is marked where its process died, with what it had told', async () => {
    const { store, entriesOf } = makeStore();
    const first = makeRuns(store);
    const { id } = first.start(plan, (teller) => {
      say(teller, 'one');
      return new Promise((_, reject) => teller.signal.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    await expect.poll(() => entriesOf(id)).toBe(1);
    const second = makeRuns(store);
    await second.restore();
    await second.load(id, kinds);
    expect(await Array.fromAsync(second.follow(id, kinds, { after: 0, signal }))).toMatchObject([
      { type: 'event', seq: 1, event: { method: 'one' } },
      { type: 'end', run: { outcome: 'interrupted' } },
    ]);
    await first.close();
  });

  it('loses nothing while the store is away for a moment', async () => {
    const { store, beAway, entriesOf } = makeStore();
    const runs = makeRuns(store);
    beAway(2);
    const go = Promise.withResolvers<void>();
    const { id } = runs.start(plan, async (teller) => {
      say(teller, 'one');
      await go.promise;
      say(teller, 'two');
      return ok;
    });
    await expect.poll(() => entriesOf(id)).toBe(1);
    beAway(1);
    go.resolve();
    await runs.wait(id);
    expect(entriesOf(id)).toBe(2);
    expect(await makeRuns(store).load(id, kinds)).toMatchObject({ run: { outcome: 'ok' } });
  });
});
