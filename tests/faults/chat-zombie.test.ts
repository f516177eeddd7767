import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChatHub, type ChatHubs, model, openChatHubs } from '../support/chat-hubs.ts';
import { isLong, times } from '../support/long.ts';
import { until } from '../support/until.ts';

/** A hub that was frozen wakes up and finds that another one has its round: it writes nothing more of it. */

const rounds = times(1, 5);
const eventually = { interval: 100, timeout: 120_000 };

let hubs: ChatHubs;
let one: ChatHub;
let two: ChatHub;
beforeAll(async () => {
  hubs = await openChatHubs();
  one = await hubs.start();
  two = await hubs.start();
});
afterAll(async () => {
  // A frozen process does not hear that it is to end.
  if (one) process.kill(one.hub.pid, 'SIGCONT');
  await hubs[Symbol.asyncDispose]();
});

/** Everything that the database has of a round. */
async function storedOf(runId: string): Promise<unknown> {
  const { sql } = hubs.db.connection;
  return {
    run: await sql`select hub_id, epoch, state, finish, failure, tokens_in, ended_at from agent_runs where id = ${runId}`,
    steps: await sql`select * from agent_steps where run_id = ${runId} order by seq`,
    events: await sql`select * from agent_events where run_id = ${runId} order by seq`,
  };
}

/** Waits until both hubs were heard again; each says that it lives before it looks at its runs. */
async function bothBeatAgain(): Promise<void> {
  const { sql } = hubs.db.connection;
  const [{ now } = { now: null }] = await sql`select clock_timestamp() as now`;
  async function beating() {
    const rows = await sql`select 1 from hubs where seen > ${now as Date}`;
    return rows.length >= 2;
  }
  await until(beating, 'both hubs are heard');
}

test(`woken ${rounds} times, it leaves alone what another hub took over`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const before = hubs.server.calls('look');
    const release = hubs.server.hold('look');
    hubs.script({ calls: [{ name: 'look', arguments: {} }] });
    const settings = { model, chosen: { servers: ['counting'] } };
    const { conversationId, runId } = await one.client.conversations.say.mutate({ content: 'Go', settings });
    await until(() => hubs.server.calls('look') === before + 1, 'the tool is called');
    const [held] = await hubs.db.connection.sql<{ hub_id: string; epoch: number }[]>`
      select hub_id, epoch from agent_runs where id = ${runId}`;
    process.kill(one.hub.pid, 'SIGSTOP');
    try {
      if (!isLong) {
        // It cannot say that it lives; that this was half a minute ago is written down instead of waited for.
        await hubs.db.connection.sql`update hubs set seen = clock_timestamp() - interval '1 minute'
          where id = ${held?.hub_id ?? ''}`;
      }
      await until(() => hubs.server.calls('look') === before + 2, 'the other hub calls the tool', 90_000);
      hubs.script({ text: 'Done.' });
      release();
      await expect.poll(async () => (await two.last(conversationId)).endedAt, eventually).not.toBeNull();
    } finally {
      process.kill(one.hub.pid, 'SIGCONT');
    }
    const stored = await storedOf(runId);
    const asked = hubs.asked().length;
    expect(await two.last(conversationId)).toMatchObject({ state: 'done', finish: 'stop' });
    // The one that woke has the tool's answer now, and would go on with it.
    await bothBeatAgain();
    await bothBeatAgain();
    expect(await storedOf(runId)).toEqual(stored);
    expect(hubs.asked().length).toBe(asked);
    expect(hubs.server.calls('look')).toBe(before + 2);
    expect(await one.last(conversationId)).toMatchObject({ state: 'done', finish: 'stop' });
    const [after] = await hubs.db.connection.sql<{ hub_id: string; epoch: number }[]>`
      select hub_id, epoch from agent_runs where id = ${runId}`;
    expect(after?.hub_id).not.toBe(held?.hub_id);
    expect(after?.epoch).toBeGreaterThan(held?.epoch ?? 0);
  }
});
