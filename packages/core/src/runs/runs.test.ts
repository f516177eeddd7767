import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { said, say as sayOfCore } from '../reasons.ts';
import { silentLog } from '../testing.ts';
import type { RunNews, RunPlan, Runs, RunTeller } from './contract.ts';
import { limitsOfRuns, type RunKind, type RunLimits } from './kinds.ts';
import { createRuns } from './runs.ts';

type Call = 'playground.call';
const kinds = ['playground.call'] as const;
const ann = { person: 'ann', credential: 'user:ann:1' };
const bob = { person: 'bob', credential: 'user:bob:1' };
const ok = { type: 'result', result: {}, durationMs: 0 } as const;

function make(more: Partial<RunLimits> = {}, now = () => 1_000): Runs {
  const all = limitsOfRuns({ runsPerPerson: 3 });
  const limits: Record<RunKind, RunLimits> = { ...all, 'playground.call': { ...all['playground.call'], ...more } };
  return createRuns({ clock: { now }, log: silentLog, limits });
}
function planOf(more: Partial<RunPlan<Call>> = {}): RunPlan<Call> {
  const facts = { method: 'tools/call', name: 'echo' };
  return { kind: 'playground.call', subject: 'demo', resource: { type: 'server' }, owner: ann, facts, ...more };
}
function say({ tell }: RunTeller<Call>, method: string) {
  tell({ type: 'notification', method, params: {} });
}
async function follow(runs: Runs, id: string, after = 0, signal = new AbortController().signal) {
  return await Array.fromAsync(runs.follow(id, kinds, { after, signal }));
}
/** The words that were told, and what else there was by its type. */
function words(news: readonly RunNews<Call>[]) {
  return news.map((item) => (item.type === 'event' ? item.event.method : item.type));
}
function hang({ signal }: RunTeller<Call>) {
  return new Promise<typeof ok>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
}

describe('followers', () => {
  it('are told everything, whenever they come, and what became of it', async () => {
    const runs = make();
    const started = runs.start(planOf(), async (teller) => {
      say(teller, 'one');
      await sleep(20);
      say(teller, 'two');
      return ok;
    });
    expect(started).toMatchObject({ outcome: 'running', endedAt: null, facts: { name: 'echo' } });
    const [early, beside] = await Promise.all([follow(runs, started.id), follow(runs, started.id)]);
    expect(words(early)).toEqual(['one', 'two', 'end']);
    expect(beside).toEqual(early);
    expect(await follow(runs, started.id)).toEqual(early);
    expect(await runs.wait(started.id)).toMatchObject({ outcome: 'ok', result: ok });
  });

  it('that come back get what they missed, and nothing twice', async () => {
    const runs = make();
    const go = Promise.withResolvers<void>();
    const { id } = runs.start(planOf(), async (teller) => {
      say(teller, 'one');
      say(teller, 'two');
      await go.promise;
      say(teller, 'three');
      return ok;
    });
    const leave = new AbortController();
    const seen: RunNews<Call>[] = [];
    for await (const item of runs.follow(id, kinds, { after: 0, signal: leave.signal })) {
      seen.push(item);
      if (seen.length === 2) leave.abort();
    }
    const last = seen.at(-1);
    expect(words(seen)).toEqual(['one', 'two']);
    go.resolve();
    await runs.wait(id);
    expect(words(await follow(runs, id, last && 'seq' in last ? last.seq : 0))).toEqual(['three', 'end']);
    expect(words(await follow(runs, id, 1_000))).toEqual(['end']);
  });

  it('are told how much is gone, by number and by size', async () => {
    const runs = make({ events: 10, bytes: 2_000 });
    const many = runs.start(planOf(), async (teller) => {
      for (let count = 1; count <= 25; count += 1) say(teller, String(count));
      return ok;
    });
    await runs.wait(many.id);
    const news = await follow(runs, many.id);
    expect(news[0]).toEqual({ type: 'gap', seq: 15, missed: 15 });
    expect(words(news).slice(1)).toEqual(['16', '17', '18', '19', '20', '21', '22', '23', '24', '25', 'end']);
    expect((await follow(runs, many.id, 12))[0]).toEqual({ type: 'gap', seq: 15, missed: 3 });
    expect(words(await follow(runs, many.id, 15))[0]).toBe('16');
    const large = runs.start(planOf(), async (teller) => {
      say(teller, 'a'.repeat(1_500));
      say(teller, 'b'.repeat(1_500));
      say(teller, 'c'.repeat(5_000));
      return ok;
    });
    await runs.wait(large.id);
    expect(words(await follow(runs, large.id))).toEqual(['gap', 'c'.repeat(5_000), 'end']);
  });

  it('that leave are not kept, and a run without any goes on only for so long', async () => {
    const runs = make({ unattendedMs: 50 });
    const { id } = runs.start(planOf(), hang);
    const leave = new AbortController();
    setTimeout(() => leave.abort(), 200);
    expect(await follow(runs, id, 0, leave.signal)).toEqual([]);
    expect(runs.find(id, kinds)?.run.outcome).toBe('running');
    expect((await runs.wait(id)).outcome).toBe('cancelled');
  });
});

describe('runs', () => {
  it('with the same key follow one another', async () => {
    const runs = make();
    const first = runs.start(planOf({ key: 'k' }), async () => {
      await sleep(20);
      return ok;
    });
    expect(() => runs.start(planOf({ key: 'k' }), async () => ok)).toThrow(/wait for its end/);
    await runs.wait(first.id);
    expect(runs.start(planOf({ key: 'k' }), async () => ok).outcome).toBe('running');
  });

  it('are bounded for each person and for all', async () => {
    const runs = make({ perPerson: 2, overall: 3 });
    const mine = [runs.start(planOf(), hang), runs.start(planOf(), hang)];
    expect(() => runs.start(planOf(), hang)).toThrow('You have 2 runs open');
    runs.start(planOf({ owner: bob }), hang);
    expect(() => runs.start(planOf({ owner: bob }), hang)).toThrow('that is the most');
    for (const { id } of mine) runs.cancel(id);
    await Promise.all(mine.map(({ id }) => runs.wait(id)));
    expect(runs.start(planOf(), hang).outcome).toBe('running');
    await runs.close();
  });

  it('say why they failed, and not what is the fault of the hub', async () => {
    const runs = make();
    async function failing(error: Error) {
      const { id } = runs.start(planOf(), async () => {
        throw error;
      });
      return await runs.wait(id);
    }
    const refused = { outcome: 'failed', message: 'no such image', code: 'not_found' };
    expect(await failing(new DomainError('not_found', said('no such image')))).toMatchObject(refused);
    const broken = { message: 'Something went wrong in the hub.', code: 'internal' };
    expect(await failing(new TypeError('secret detail'))).toMatchObject(broken);
  });

  it('can be given up, and end with the hub', async () => {
    const runs = make();
    const one = runs.start(planOf(), hang);
    runs.cancel(one.id);
    expect((await runs.wait(one.id)).outcome).toBe('cancelled');
    const two = runs.start(planOf(), hang);
    let followed = '';
    runs.afterEnd(two.id, async ({ outcome }) => void (followed = outcome));
    await runs.close();
    expect(followed).toBe('cancelled');
    expect(() => runs.cancel('ghost')).toThrow(DomainError);
  });

  it('end with the reason when what they are about is gone', async () => {
    const runs = make();
    const [gone, stays] = [runs.start(planOf(), hang), runs.start(planOf({ subject: 'other' }), hang)];
    const why = sayOfCore('serverRemoved', { id: 'demo' });
    runs.lose({ type: 'server', subject: 'demo' }, why);
    const reason = { outcome: 'failed', code: 'not_found', message: why.text, reason: why };
    expect(await runs.wait(gone.id)).toMatchObject(reason);
    expect(runs.find(stays.id, kinds)?.run.outcome).toBe('running');
    await runs.close();
  });

  it('are forgotten after a while, and the oldest where many ended', async () => {
    let now = 1_000;
    const runs = make({ kept: 2, keptMs: 60_000 }, () => now);
    const ids: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const { id } = runs.start(planOf(), async () => ok);
      await runs.wait(id);
      ids.push(id);
    }
    expect(runs.list(kinds).map(({ run }) => run.id)).toEqual(ids.slice(2));
    now += 60_001;
    expect(runs.find(ids[3] ?? '', kinds)).toBeNull();
    expect(() => runs.follow(ids[3] ?? '', kinds, { after: 0, signal: AbortSignal.abort() })).toThrow('ended long ago');
  });

  it('of another kind are not there', async () => {
    const runs = make();
    const { id } = runs.start(planOf(), async () => ok);
    expect(runs.find(id, ['image.pull'])).toBeNull();
    expect(() => runs.follow(id, ['image.pull'], { after: 0, signal: AbortSignal.abort() })).toThrow(DomainError);
    // @ts-expect-error A kind that stands in no table.
    expect(runs.find(id, ['image.paint'])).toBeNull();
  });
});

describe('questions', () => {
  function asking(more: Partial<RunLimits> = {}, until = new AbortController().signal) {
    const runs = make(more);
    const { id } = runs.start(planOf(), async ({ ask }) => {
      const answer = await ask({ method: 'elicitation/create', params: {} }, until);
      return { ...ok, result: answer };
    });
    return { runs, id };
  }
  async function questionOf(runs: Runs, id: string): Promise<string> {
    for await (const item of runs.follow(id, kinds, { after: 0, signal: new AbortController().signal })) {
      if (item.type === 'ask') return item.askId;
    }
    throw new Error('Nothing was asked.');
  }

  it('wait for their answer, and both followers hear that it came', async () => {
    const { runs, id } = asking();
    const askId = await questionOf(runs, id);
    const followers = [follow(runs, id), follow(runs, id)];
    runs.answer({ runId: id, askId, kind: 'playground.call', by: ann }, { declined: 'no' });
    for (const news of await Promise.all(followers)) {
      expect(news).toMatchObject([
        { type: 'ask', seq: 1, askId, question: { method: 'elicitation/create' } },
        { type: 'answered', seq: 2, askId },
        { type: 'end', run: { outcome: 'ok', result: { result: { declined: 'no' } } } },
      ]);
    }
  });

  it('take no answer of a stranger, of another sign-in, or a second one', async () => {
    const { runs, id } = asking();
    const askId = await questionOf(runs, id);
    const to = { runId: id, askId, kind: 'playground.call' } as const;
    for (const by of [bob, { ...ann, credential: 'key:ann:2' }, { ...bob, credential: ann.credential }]) {
      expect(() => runs.answer({ ...to, by }, { declined: 'no' })).toThrow('not open any more');
    }
    expect(() => runs.answer({ ...to, askId: 'other', by: ann }, { declined: 'no' })).toThrow('not open any more');
    runs.answer({ ...to, by: ann }, { declined: 'yes' });
    expect(() => runs.answer({ ...to, by: ann }, { declined: 'no' })).toThrow('not open any more');
    expect(await runs.wait(id)).toMatchObject({ result: { result: { declined: 'yes' } } });
  });

  it('end with the run, with what asks, and after a time', async () => {
    const cancelled = asking();
    await questionOf(cancelled.runs, cancelled.id);
    cancelled.runs.cancel(cancelled.id);
    expect((await cancelled.runs.wait(cancelled.id)).outcome).toBe('cancelled');
    const late = asking({ answerMs: 20 });
    const timeout = { outcome: 'failed', code: 'timeout', message: expect.stringContaining('Nobody answered') };
    expect(await late.runs.wait(late.id)).toMatchObject(timeout);
    const until = new AbortController();
    const left = asking({}, until.signal);
    await questionOf(left.runs, left.id);
    until.abort();
    expect((await left.runs.wait(left.id)).outcome).toBe('failed');
    expect(words(await follow(left.runs, left.id))).toEqual(['ask', 'answered', 'end']);
  });

  it('are bounded in number', async () => {
    const runs = make({ questions: 2 });
    const { id } = runs.start(planOf(), async ({ ask, signal }) => {
      const question = { method: 'roots/list', params: {} };
      const all = [1, 2, 3].map(() => ask(question, signal));
      await all[2];
      return ok;
    });
    expect(await runs.wait(id)).toMatchObject({ outcome: 'failed', code: 'limit_exceeded' });
  });
});
