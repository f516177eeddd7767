import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { createFakePersonal } from '../../testing-personal.ts';
import { createTestRuntime, specOf } from '../../testing.ts';
import type { JsonObject, JsonRpcMessage } from '../../types.ts';
import { modern, openEndpoint, type Answer } from '../testing.ts';

const urls = { elicitation: { form: {}, url: {} } };

async function house(eras: readonly ('modern' | 'legacy')[] = ['legacy']) {
  const people = createFakePersonal();
  const it = createTestRuntime({ eras }, { personal: people.personal });
  people.give('bob', 'of-bob');
  it.apply(specOf('s', { personal: true }));
  await it.running('s');
  const door = await openEndpoint(it.runtime);
  function give(person: string, value: string | null): void {
    people.give(person, value);
    it.runtime.personalChanged();
  }
  async function close(): Promise<void> {
    await it.runtime.close();
    await door[Symbol.asyncDispose]();
  }
  return { it, people, door, give, [Symbol.asyncDispose]: close };
}

const echo = { name: 'echo', arguments: { text: 'hi' } };
const at = { credential: 'ann', endpoint: 's' };
const answered = { content: [{ type: 'text', text: '{"text":"hi"}' }] };

function replyOf({
  messages,
}: Answer): JsonRpcMessage & { result?: JsonObject; error?: { code: number; data?: unknown } } {
  const found = messages.find((message) => 'id' in message && !('method' in message));
  if (found === undefined) throw new Error('no reply');
  return found;
}

function retry(result: JsonObject | undefined, action: string) {
  const [key = ''] = Object.keys(result?.['inputRequests'] ?? {});
  return { ...echo, inputResponses: { [key]: { action } }, requestState: result?.['requestState'] };
}

describe('a client of 2026-07-28 that shows pages', () => {
  test.each([['legacy'], ['modern']] as const)(
    'is sent to the page, and goes on once that is done (%s server)',
    async (era) => {
      await using it = await house([era]);
      const first = modern(1, 'tools/call', echo, urls);
      const { result } = replyOf(await it.door.post(first.body, { ...at, headers: first.headers }));
      expect(result).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) as string });
      const [asked] = Object.values((result?.['inputRequests'] ?? {}) as JsonObject);
      const message = expect.stringContaining('needs credentials of your own') as string;
      expect(asked).toEqual({ method: 'elicitation/create', params: { mode: 'url', url: it.people.url, message } });

      const second = modern(2, 'tools/call', retry(result, 'accept'), urls);
      const going = it.door.post(second.body, { ...at, headers: second.headers });
      await new Promise((resolve) => void setTimeout(resolve, 50));
      it.give('ann', 'of-ann');
      expect(replyOf(await going).result).toMatchObject(answered);
      const own = it.it.servers.links.filter(({ launch }) => launch.kind === 'stdio' && launch.env['OWN'] === 'of-ann');
      expect(own.flatMap((link) => link.requests('tools/call'))).toHaveLength(1);
      const others = it.it.servers.links.filter((link) => !own.includes(link));
      expect(others.flatMap((link) => link.requests('tools/call'))).toEqual([]);
    },
  );

  test('hears what is needed where it declines', async () => {
    await using it = await house();
    const first = modern(1, 'tools/call', echo, urls);
    const { result } = replyOf(await it.door.post(first.body, { ...at, headers: first.headers }));
    const second = modern(2, 'tools/call', retry(result, 'decline'), urls);
    const { error } = replyOf(await it.door.post(second.body, { ...at, headers: second.headers }));
    expect(error).toMatchObject({ code: -32000, data: { serverId: 's', needs: 'credentials', url: it.people.url } });
  });

  test('is not asked where a list is all it wants, nor where it shows no pages', async () => {
    await using it = await house();
    const list = modern(1, 'tools/list', {}, urls);
    expect(replyOf(await it.door.post(list.body, { ...at, headers: list.headers })).result).toMatchObject({
      tools: [{ name: 'echo' }],
    });
    for (const capabilities of [{}, { elicitation: {} }, { elicitation: { form: {} } }]) {
      const call = modern(2, 'tools/call', echo, capabilities);
      const { error } = replyOf(await it.door.post(call.body, { ...at, headers: call.headers }));
      expect(error).toMatchObject({ code: -32000, message: expect.stringContaining(it.people.url) as string });
    }
  });

  test('is sent to the page by a server of which nothing is known yet', async () => {
    await using it = await house();
    it.give('bob', null);
    it.it.apply(specOf('s', { personal: true }), specOf('t', { personal: true }));
    const where = { credential: 'ann', endpoint: 't' };
    const first = modern(1, 'tools/call', echo, urls);
    const { result } = replyOf(await it.door.post(first.body, { ...where, headers: first.headers }));
    expect(result).toMatchObject({ resultType: 'input_required' });
    it.people.give('ann', 'of-ann', 't');
    it.it.runtime.personalChanged();
    const second = modern(2, 'tools/call', retry(result, 'accept'), urls);
    expect(replyOf(await it.door.post(second.body, { ...where, headers: second.headers })).result).toMatchObject(
      answered,
    );
    const list = modern(3, 'tools/list', {}, urls);
    expect(
      replyOf(await it.door.post(list.body, { credential: 'carl', endpoint: 't', headers: list.headers })),
    ).toMatchObject({
      result: { tools: [{ name: 'echo' }] },
    });
  });
});

describe('a session', () => {
  test('of 2025-11-25 that shows pages gets the error for that, and hears when it is done', async () => {
    await using it = await house();
    const session = await it.door.session({ ...at, capabilities: urls });
    await using stream = await session.stream('GET');
    const refused = await session.request('tools/call', echo).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: -32042,
      data: { elicitations: [{ mode: 'url', url: it.people.url, elicitationId: expect.any(String) as string }] },
    });
    const { data } = refused as { data: { elicitations: { elicitationId: string }[] } };
    const again = await session.request('tools/call', echo).catch((error: unknown) => error);
    expect(again).toMatchObject({ data: { elicitations: [{ elicitationId: data.elicitations[0]?.elicitationId }] } });
    it.give('ann', 'of-ann');
    expect(await stream.message()).toMatchObject({
      method: 'notifications/elicitation/complete',
      params: { elicitationId: data.elicitations[0]?.elicitationId },
    });
    expect(await session.request('tools/call', echo)).toMatchObject(answered);
    // A session that can be asked has an instance of its own, with its person's value.
    const used = it.it.servers.links.filter((link) => link.requests('tools/call').length > 0);
    expect(used.map(({ launch }) => launch.kind === 'stdio' && launch.env['OWN'])).toEqual(['of-ann']);
  });

  test.each([
    ['2025-11-25', {}],
    ['2025-11-25', { elicitation: {} }],
    ['2025-06-18', urls],
    ['2024-11-05', urls],
  ])('of %s with %j gets a sentence with the link', async (version, capabilities) => {
    await using it = await house();
    const session = await it.door.session({ ...at, version, capabilities });
    await expect(session.request('tools/call', echo)).rejects.toMatchObject({
      code: -32000,
      message: expect.stringContaining(it.people.url) as string,
    });
    it.give('ann', 'of-ann');
    expect(await session.request('tools/call', echo)).toMatchObject(answered);
  });

  test('loses the instance that it owns with the value it was opened with', async () => {
    await using it = await house();
    it.give('ann', 'one');
    const session = await it.door.session({ ...at, capabilities: urls });
    await session.request('tools/call', echo);
    it.give('ann', 'two');
    await session.request('tools/call', echo);
    const values = it.it.servers.links.flatMap(({ launch }) => (launch.kind === 'stdio' ? [launch.env['OWN']] : []));
    expect(values.filter((value) => value !== 'of-bob')).toEqual(expect.arrayContaining(['one', 'two']));
    await until(() =>
      it.it.servers.open().every(({ launch }) => launch.kind === 'stdio' && launch.env['OWN'] !== 'one'),
    );
  });
});
