import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { createFakePersonal } from './testing-personal.ts';
import {
  createTestRuntime,
  rejection,
  selectionOf,
  specOf,
  tool,
  type FakeLink,
  type Script,
  type TestRuntime,
} from './testing.ts';
import { LinkError } from './upstream/link.ts';

function ownOf({ launch }: FakeLink): string {
  return launch.kind === 'stdio' ? (launch.env['OWN'] ?? 'nothing') : 'remote';
}

/** Servers whose calls answer with the value that their instance was opened with. */
const telling: Script = {
  on: { 'tools/call': (_request, link) => ({ content: [{ type: 'text', text: ownOf(link) }] }) },
};

function house(script: Script = telling, limits = {}) {
  const people = createFakePersonal();
  const it = createTestRuntime(script, { personal: people.personal });
  function give(person: string, value: string | null): void {
    people.give(person, value);
    it.runtime.personalChanged();
  }
  function begin(): void {
    it.apply(specOf('s', { personal: true, limits }));
  }
  return { it, people, give, begin };
}

async function call(it: TestRuntime, person: string, credential = `${person}-key`): Promise<string> {
  const result = await it.runtime.call({
    credential: { key: credential, person },
    selection: it.selections.get('s') ?? selectionOf('s', ['s']),
    method: 'tools/call',
    params: { name: 'echo', arguments: {} },
    via: 'rest',
    clientName: 'test',
    signal: AbortSignal.timeout(10_000),
  });
  const [block] = result['content'] as { text: string }[];
  return block?.text ?? '';
}

describe('a server whose instances belong to people', () => {
  test('waits without failing until somebody gave something, and says so', async () => {
    const { it, give, begin, people } = house();
    await using _it = it;
    begin();
    const status = await it.until('s', ({ messageReason }) => messageReason?.code === 'nobodyYet');
    expect(status).toMatchObject({ phase: 'stopped', health: 'healthy', failures: 0, nextRetryAt: null, error: null });
    expect(await rejection(call(it, 'ann'))).toMatchObject({
      name: 'RpcError',
      code: -32000,
      message: expect.stringContaining(people.url) as string,
      data: { serverId: 's', needs: 'credentials', url: people.url },
    });
    expect(it.servers.links).toEqual([]);
    give('ann', 'of-ann');
    expect(await it.running('s')).toMatchObject({ toolCount: 1 });
    expect(await call(it, 'ann')).toBe('of-ann');
    expect(it.servers.links).toHaveLength(1);
    const record = it.events.findLast((event) => event.type === 'call' && event.record.outcome === 'error');
    expect(record).toMatchObject({ record: { errorReason: { code: 'fillFirst' } } });
  });

  test('gives each person an instance with the value of that one, for all credentials', async () => {
    const { it, give, begin } = house();
    await using _it = it;
    give('ann', 'of-ann');
    give('bob', 'of-bob');
    begin();
    await it.running('s');
    // The primary is opened as whoever gave last.
    expect(ownOf(it.servers.last())).toBe('of-bob');
    expect(await Promise.all([call(it, 'ann'), call(it, 'bob'), call(it, 'ann', 'ann-other')])).toEqual([
      'of-ann',
      'of-bob',
      'of-ann',
    ]);
    expect(it.servers.links.map(ownOf)).toEqual(['of-bob', 'of-ann']);
    expect(await rejection(call(it, 'carl'))).toMatchObject({ data: { needs: 'credentials' } });
  });

  test('ends instances with a value that was changed or taken away, also in the middle of a call', async () => {
    const { it, give, begin } = house({
      on: {
        'tools/call': (_request, link) =>
          ownOf(link) === 'old' ? new Promise(() => undefined) : { content: [{ type: 'text', text: ownOf(link) }] },
      },
    });
    await using _it = it;
    give('ann', 'old');
    give('bob', 'of-bob');
    begin();
    await it.running('s');
    const lost = rejection(call(it, 'ann'));
    await until(() => it.servers.links.some((link) => link.requests('tools/call').length > 0));
    give('ann', 'new');
    expect(await lost).toMatchObject({ message: expect.stringContaining('The server was stopped') as string });
    expect(await call(it, 'ann')).toBe('new');
    give('ann', null);
    expect(await rejection(call(it, 'ann'))).toMatchObject({ data: { needs: 'credentials' } });
    await until(() => it.servers.open().every((link) => ownOf(link) === 'of-bob'));
    expect(await call(it, 'bob')).toBe('of-bob');
  });

  test('opens the primary anew where its owner has it no more', async () => {
    const { it, give, begin } = house();
    await using _it = it;
    give('ann', 'of-ann');
    give('bob', 'of-bob');
    begin();
    await it.running('s');
    give('bob', null);
    await until(() => it.servers.open().map(ownOf).join() === 'of-ann', 'the primary of ann');
    expect(await call(it, 'ann')).toBe('of-ann');
    give('ann', null);
    await it.until('s', ({ messageReason }) => messageReason?.code === 'nobodyYet');
    expect(it.servers.open()).toEqual([]);
  });

  test('passes its primary on to whoever gave last, once nobody uses it', async () => {
    const { it, give, begin } = house();
    await using _it = it;
    give('ann', 'of-ann');
    begin();
    await it.running('s');
    give('bob', 'of-bob');
    await until(() => it.servers.open().map(ownOf).join() === 'of-bob', 'the primary of bob');
  });

  test('starts for others where the credentials of whoever gave last do not work', async () => {
    const { it, give, begin } = house({
      ...telling,
      open(_context, launch) {
        if (launch.kind === 'stdio' && launch.env['OWN'] === 'bad') throw new LinkError('unreachable', 'bad is no key');
      },
    });
    await using _it = it;
    give('ann', 'of-ann');
    give('bob', 'bad');
    begin();
    expect(await it.until('s', ({ phase }) => phase === 'error')).toMatchObject({ error: 'bad is no key' });
    expect(await call(it, 'ann')).toBe('of-ann');
    expect(await rejection(call(it, 'bob'))).toMatchObject({ message: expect.stringContaining('is no key') as string });
    give('bob', 'better');
    expect(await call(it, 'bob')).toBe('better');
  });

  test('never lends an instance to another person, whatever happens at once', async () => {
    const { it, give, begin } = house({
      ...telling,
      open: () => new Promise((resolve) => void setTimeout(resolve, Math.random() * 5)),
    });
    await using _it = it;
    const people = ['ann', 'bob', 'carl'];
    const given = new Map(people.map((person) => [person, [`of-${person}-0`]]));
    for (const person of people) give(person, `of-${person}-0`);
    begin();
    let round = 0;
    const changing = setInterval(() => {
      const person = people[round++ % 3] ?? 'ann';
      given.get(person)?.push(`of-${person}-${round}`);
      if (round % 5 === 0) it.servers.open()[0]?.end();
      if (round % 7 === 0) it.apply(specOf('s', { personal: true, revision: String(round) }));
      give(person, `of-${person}-${round}`);
    }, 7);
    async function ask(person: string, session: number): Promise<string[]> {
      const wrong: string[] = [];
      for (let i = 0; i < 40; i++) {
        const said = await call(it, person, `${person}-${session}`).catch(() => null);
        if (said !== null && given.get(person)?.includes(said) !== true) wrong.push(`${person} got ${said}`);
      }
      return wrong;
    }
    const asked = people.flatMap((person) => Array.from({ length: 8 }, (_, session) => ask(person, session)));
    expect((await Promise.all(asked)).flat()).toEqual([]);
    clearInterval(changing);
    for (const person of people) {
      // A primary that has just ended is not started again at once.
      await expect.poll(() => call(it, person).catch(() => null), { timeout: 15_000 }).toBe(given.get(person)?.at(-1));
    }
  });

  test('writes nothing of a value into its log or an error', async () => {
    const secret = 'planted-secret-of-ann';
    const { it, give, begin } = house({
      on: {
        'tools/call': (_request, link) => {
          link.log('info', 'stderr', `key ${ownOf(link)}`);
          link.notify('notifications/message', { level: 'info', data: `with ${ownOf(link)}` });
          throw new Error(`refused ${ownOf(link)}`);
        },
      },
    });
    await using _it = it;
    give('ann', secret);
    give('bob', 'planted-secret-of-bob');
    begin();
    await it.running('s');
    for (const person of ['ann', 'bob']) await rejection(call(it, person));
    await until(() => it.runtime.logs('s').filter(({ message }) => message.includes('***')).length >= 4);
    expect(JSON.stringify([it.events, it.runtime.logs('s')])).not.toContain('planted-secret');
  });

  test('shows a person what the server offers with the credentials of that one', async () => {
    const { it, give, begin } = house({
      on: {
        'tools/list': (_request, link) => ({
          tools: [tool('echo'), ...(ownOf(link) === 'of-ann' ? [tool('more')] : [])],
        }),
        ...telling.on,
      },
    });
    await using _it = it;
    give('ann', 'of-ann');
    give('bob', 'of-bob');
    begin();
    await it.running('s');
    async function listed(person: string): Promise<number> {
      const result = await it.runtime.call({
        credential: { key: `${person}-key`, person },
        selection: it.selections.get('s') ?? selectionOf('s', ['s']),
        method: 'tools/list',
        params: {},
        via: 'rest',
        clientName: 'test',
        signal: AbortSignal.timeout(5000),
      });
      return (result['tools'] as unknown[]).length;
    }
    await call(it, 'ann');
    await expect.poll(() => listed('ann')).toBe(2);
    expect(await listed('bob')).toBe(1);
    give('ann', 'other');
    expect(await listed('ann')).toBe(1);
  });
});

test('resources and prompts of one person are told to nobody else', async () => {
  const { it, give, begin } = house({
    capabilities: { tools: {}, resources: {}, prompts: {} },
    on: {
      'resources/list': (_request, link) => ({ resources: [{ uri: `doc://plan-${ownOf(link)}`, name: ownOf(link) }] }),
      'prompts/list': (_request, link) => ({ prompts: [{ name: `plan-${ownOf(link)}` }] }),
      ...telling.on,
    },
  });
  await using _it = it;
  give('ann', 'of-ann');
  begin();
  await it.running('s');
  async function listed(person: string, method: 'tools/list' | 'resources/list' | 'prompts/list'): Promise<string> {
    const result = await it.runtime.call({
      credential: { key: `${person}-key`, person },
      selection: it.selections.get('s') ?? selectionOf('s', ['s']),
      method,
      params: {},
      via: 'rest',
      clientName: 'test',
      signal: AbortSignal.timeout(10_000),
    });
    return JSON.stringify(result);
  }
  expect(await listed('ann', 'resources/list')).toContain('doc://plan-of-ann');
  expect(await listed('ann', 'prompts/list')).toContain('plan-of-ann');
  expect(JSON.stringify(it.events.filter(({ type }) => type === 'catalog'))).not.toContain('plan-of-ann');
  give('bob', 'of-bob');
  expect(await call(it, 'bob')).toBe('of-bob');
  await until(async () => (await listed('bob', 'resources/list')).includes('doc://plan-of-bob'));
  expect(await listed('bob', 'prompts/list')).toContain('plan-of-bob');
  for (const method of ['resources/list', 'prompts/list'] as const) {
    expect(await listed('bob', method)).not.toContain('of-ann');
  }
  give('ann', null);
  expect(await call(it, 'bob')).toBe('of-bob');
  expect(await listed('bob', 'resources/list')).not.toContain('of-ann');
});
