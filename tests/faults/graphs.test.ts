import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reply } from '@switchboard/agents/testing';
import { type ChatHub, type ChatHubs, model, openChatHubs } from '../support/chat-hubs.ts';
import { isLong } from '../support/long.ts';

/** Hubs are killed while graphs run: each run comes to its end by itself, and no turn that ended is taken again. */

const eventually = { interval: 50, timeout: 90_000 };
const limitMs = 1_200_000;
/** Of whole pieces, which have four characters. */
const told = 'Once upon a time there was a hub that had to end before its day: so ';
/** Says that much and then nothing more; the first event has no text. */
const half: Reply = { text: told, stallAfter: 1 + told.length / 4 };

let hubs: ChatHubs;
let one: ChatHub;
beforeAll(async () => {
  hubs = await openChatHubs();
  one = await hubs.start();
  await one.client.graphs.save.mutate({ config: graph });
});
afterAll(() => hubs[Symbol.asyncDispose]());

/** Ten levels of twelve nodes, two of them beside each other; one hands back once, one calls a tool. */
const names = Array.from({ length: 12 }, (_, at) => `n${at}`);
const graph = {
  name: 'twelve',
  nodes: names.map((name, at) => ({
    name,
    model_name: model,
    input_nodes: inputsOf(at),
    output_nodes: at === 8 ? ['n7'] : at === 11 ? ['end'] : [],
    handoffs: at === 8 ? 1 : 0,
    mcp_servers: at === 5 ? ['counting'] : [],
  })),
};
function inputsOf(at: number): string[] {
  if (at === 0) return ['start'];
  if (at === 3) return ['n1'];
  return at === 4 ? ['n2', 'n3'] : [`n${at - 1}`];
}

/** What the models say, in order: the tool in the sixth node, the hand-off in the ninth. */
function script(): Reply[] {
  function plain(text: string): Reply {
    return { text };
  }
  return [
    ...['0', '1', '2', '3', '4'].map(plain),
    { calls: [{ name: 'look', arguments: {} }] },
    ...['5', '6', '7'].map(plain),
    { calls: [{ name: 'transfer_to_n7', arguments: {} }] },
    ...['7b', '8', '9', '10', '11'].map(plain),
  ];
}

const steps = script().length;
// Of the two beside each other the second is killed, when the first has ended.
const every = Array.from({ length: steps }, (_, at) => at).filter((at) => at !== 2);
const killed = isLong ? every : [3, 6, 9];

async function writtenOf(runId: string): Promise<string> {
  const rows = await hubs.db.connection.sql<{ event: { content: string } }[]>`
    select event from agent_events where run_id = ${runId} order by seq`;
  return rows.map(({ event }) => event.content).join('');
}

/** How many turns are written down as ended. */
async function turnsOf(runId: string): Promise<number> {
  const rows = await hubs.db.connection.sql`
    select 1 from agent_steps where run_id = ${runId} and kind = 'turn' and state = 'done'`;
  return rows.length;
}

test.each(killed)(
  'killed in the turn after %d that ended: the run goes on by itself, and takes none of these again',
  async (ended) => {
    const asked = hubs.asked().length;
    const looked = hubs.server.calls('look');
    hubs.script(...script().slice(0, ended), half);
    const { runId } = await one.client.graphs.runs.start.mutate({ id: 'twelve', input: 'Go' });
    await expect.poll(() => writtenOf(runId), eventually).toContain(told);
    // What ended is taken again where nobody wrote down that it did.
    await expect.poll(() => turnsOf(runId), eventually).toBe(ended);
    hubs.script(...script().slice(ended));
    await one.again('SIGKILL');
    await expect
      .poll(async () => (await one.client.graphs.runs.get.query({ runId })).endedAt, eventually)
      .not.toBeNull();

    const run = await one.client.graphs.runs.get.query({ runId });
    expect([run.state, run.failure, run.finalResult]).toEqual(['done', null, '11']);
    expect(run.executionChain.map((level) => level.join())).toEqual(
      'start,n0 n1 n2,n3 n4 n5 n6 n7 n8 n7 n8 n9 n10 n11'.split(' '),
    );
    expect(run.handoffs).toEqual({ n8: { total_limit: 1, used_count: 1, last_selection: 'n7' } });
    // One turn was cut, and is the only one that was taken twice.
    expect(hubs.asked().length - asked).toBe(steps + 1);
    expect(hubs.server.calls('look') - looked).toBe(1);
    expect(new Set(run.nodes.map(({ node, visit }) => `${node}/${visit}`)).size).toBe(14);
    // What the dead hub's turns used is the run's as well.
    const used = run.nodes.map((node) => node.used);
    expect(run.tokensIn).toBe(used.reduce((sum, { tokensIn }) => sum + tokensIn, 0));
    expect(run.tokensOut).toBe(used.reduce((sum, { tokensOut }) => sum + tokensOut, 0));
  },
  limitMs,
);

test(
  'a run that waits for a person waits through the end of its hub',
  async () => {
    const config = {
      name: 'asking',
      nodes: [
        { name: 'write', model_name: model, input_nodes: ['start'] },
        { name: 'check', kind: 'human' as const, ask: 'approve' as const, input_nodes: ['write'] },
        { name: 'use', model_name: model, input_nodes: ['check'], output_nodes: ['end'] },
      ],
    };
    await one.client.graphs.save.mutate({ config });
    const asked = hubs.asked().length;
    hubs.script({ text: 'draft' });
    const { runId } = await one.client.graphs.runs.start.mutate({ id: 'asking', input: 'Go' });
    function seen() {
      return one.client.graphs.runs.get.query({ runId });
    }
    await expect.poll(async () => (await seen()).state, eventually).toBe('waiting');
    await one.again('SIGKILL');
    expect(await seen()).toMatchObject({ state: 'waiting', endedAt: null });
    hubs.script({ text: 'used' });
    await one.client.graphs.runs.answer.mutate({ runId, node: 'check', visit: 1 });
    await expect.poll(async () => (await seen()).state, eventually).toBe('done');
    expect((await seen()).finalResult).toBe('used');
    expect(hubs.asked().length - asked).toBe(2);
    expect(JSON.stringify(hubs.asked().at(-1)?.body)).toContain('draft');
  },
  limitMs,
);

/** All kinds: a form of answers, a branch, a tool that may not be called twice, a list with a tool for each item. */
const all = {
  name: 'all',
  nodes: [
    { name: 'plan', model_name: model, input_nodes: ['start'], output_schema: { type: 'object', required: ['go'] } },
    {
      name: 'route',
      kind: 'condition' as const,
      input_nodes: ['plan'],
      condition: { cases: [{ when: { path: 'go', op: 'eq', value: true }, to: ['send'] }], otherwise: ['never'] },
    },
    { name: 'never', model_name: model, input_nodes: ['route'] },
    { name: 'send', kind: 'tool' as const, input_nodes: ['route'], tool: { server: 'counting', name: 'send' } },
    {
      name: 'each',
      kind: 'each' as const,
      input_nodes: ['send'],
      each: {
        items: '["a","b"]',
        parallel: 1,
        body: { kind: 'tool' as const, tool: { server: 'counting', name: 'send', arguments: { item: '{item}' } } },
      },
    },
    { name: 'end up', model_name: model, input_nodes: ['each', 'never'], output_nodes: ['end'] },
  ],
};

function turnOf(runId: string) {
  return one.client.graphs.runs.get.query({ runId });
}

test.each(['model first', 'tool', 'item', 'model last'])(
  'a run of all kinds, killed in the %s, ends as if it had not been: nothing that may not be is done twice',
  async (where) => {
    await one.client.graphs.save.mutate({ config: all });
    const sent = hubs.server.calls('send');
    const asked = hubs.asked().length;
    const plan: Reply = { text: '{"go": true}' };
    const last: Reply = { text: 'done' };
    const isModel = where.startsWith('model');
    hubs.script(...(where === 'model first' ? [half] : where === 'model last' ? [plan, half] : [plan]));
    let letGo = where === 'tool' ? hubs.server.hold('send') : () => undefined;
    const { runId } = await one.client.graphs.runs.start.mutate({ id: 'all', input: 'Go' });
    if (where === 'item') {
      // The first call goes through, the second one is held.
      await expect.poll(() => hubs.server.calls('send') - sent, eventually).toBeGreaterThanOrEqual(1);
      letGo = hubs.server.hold('send');
      await expect.poll(() => hubs.server.calls('send') - sent, eventually).toBeGreaterThanOrEqual(2);
    }
    if (where === 'tool') await expect.poll(() => hubs.server.calls('send') - sent, eventually).toBe(1);
    if (isModel) await expect.poll(() => writtenOf(runId), eventually).toContain(told);
    hubs.script(...(where === 'model first' ? [plan, last] : [last]));
    await one.again('SIGKILL');
    letGo();
    if (!isModel) {
      await expect.poll(async () => (await turnOf(runId)).state, eventually).toMatch(/waiting|done/);
      for (let state = (await turnOf(runId)).state; state === 'waiting'; state = (await turnOf(runId)).state) {
        const open = (await turnOf(runId)).nodes.find(
          ({ asked: question, done }) => !done && question?.answer === null,
        );
        expect(open?.asked?.question).toMatchObject({ ask: 'doubt', text: expect.stringContaining('counting/send') });
        const answer = { runId, node: open?.node ?? '', visit: 1, text: 'it was sent' };
        await one.client.graphs.runs.answer.mutate(answer);
        await expect.poll(async () => (await turnOf(runId)).state, eventually).toMatch(/waiting|done/);
      }
    }
    await expect.poll(async () => (await turnOf(runId)).state, eventually).toBe('done');
    const run = await turnOf(runId);
    expect(run.finalResult).toBe('done');
    expect(run.executionChain.flat()).toEqual(['start', 'plan', 'route', 'send', 'each', 'end up']);
    // Once for the node and once for each item, and none of them a second time.
    expect(hubs.server.calls('send') - sent).toBe(3);
    expect(hubs.asked().length - asked).toBe(isModel ? 3 : 2);
  },
  limitMs,
);

test(
  'a call in doubt that is called again is made exactly once more, and asked about anew where the hub ends in it',
  async () => {
    const config = {
      name: 'doubtful',
      nodes: [
        { name: 'send', kind: 'tool' as const, input_nodes: ['start'], tool: { server: 'counting', name: 'send' } },
        { name: 'use', model_name: model, input_nodes: ['send'], output_nodes: ['end'], user_prompt: 'Sent: {send}' },
      ],
    };
    await one.client.graphs.save.mutate({ config });
    const sent = hubs.server.calls('send');
    const asked = hubs.asked().length;
    let letGo = hubs.server.hold('send');
    const { runId } = await one.client.graphs.runs.start.mutate({ id: 'doubtful', input: 'Go' });
    /** Ends the hub in the call of that number; the run waits then, and asks about it. */
    async function cut(count: number): Promise<void> {
      await expect.poll(() => hubs.server.calls('send') - sent, eventually).toBe(count);
      await one.again('SIGKILL');
      letGo();
      await expect.poll(async () => (await turnOf(runId)).state, eventually).toBe('waiting');
      const [visit] = (await turnOf(runId)).nodes;
      expect(visit?.asked).toMatchObject({
        question: { ask: 'doubt', text: expect.stringContaining('counting/send') },
        answer: null,
      });
      expect(hubs.server.calls('send') - sent).toBe(count);
    }
    await cut(1);
    letGo = hubs.server.hold('send');
    const again = { runId, node: 'send', visit: 1, repeat: true };
    await one.client.graphs.runs.answer.mutate(again);
    await cut(2);
    hubs.script({ text: 'used' });
    await one.client.graphs.runs.answer.mutate(again);
    await expect.poll(async () => (await turnOf(runId)).state, eventually).toBe('done');
    const run = await turnOf(runId);
    expect(run.finalResult).toBe('used');
    expect(run.nodes[0]).toMatchObject({ done: true, output: `send ${sent + 3}` });
    expect(hubs.server.calls('send') - sent).toBe(3);
    expect(hubs.asked().length - asked).toBe(1);
    expect(JSON.stringify(hubs.asked().at(-1)?.body)).toContain(`Sent: send ${sent + 3}`);
    // It is over: nobody is asked about what became of it.
    await expect(one.client.graphs.runs.answer.mutate(again)).rejects.toThrow(/does not wait/);
  },
  limitMs,
);
