import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTalk, type Talk } from '../compat/agents/talk.ts';

let talk: Talk;
beforeAll(async () => {
  talk = await openTalk();
  // Its tools are known when it runs, and its prompts and resources with them.
  await talk.app.client().conversations.tools.query(chosen);
});
afterAll(() => talk[Symbol.asyncDispose]());

const chosen = { servers: ['alpha'] };
function client() {
  return talk.app.client().conversations;
}

test('prompts and resources of a choice are there for messages', async () => {
  const { prompts, resources } = await client().extras.query(chosen);
  const greet = prompts.find(({ arguments: given }) => given.length > 0);
  expect(greet).toMatchObject({ server: 'alpha', arguments: [{ name: 'who', required: false }] });
  const used = await client().usePrompt.mutate({ chosen, name: greet?.exposedName ?? '', arguments: { who: 'Ann' } });
  expect(used.messages[0]?.text).toContain('Ann');
  const readable = resources.find(({ mimeType }) => mimeType === 'text/plain') ?? resources[0];
  const read = await client().readResource.mutate({ chosen, uri: readable?.uri ?? '' });
  expect(read.text).not.toBe('');
  await expect(client().readResource.mutate({ chosen, uri: 'nothing://here' })).rejects.toThrow(
    /nothing:\/\/here|not/i,
  );
  expect((await client().extras.query({ servers: ['ghost'] })).prompts).toEqual([]);
});

test('an export comes back as it was', async () => {
  talk.provider.script(
    { calls: [{ name: 'echo', arguments: { text: 'hi' } }] },
    { text: 'It said hi.', reasoning: 'Easy.' },
    { text: '<title>Echo</title>' },
  );
  await talk.say({ conversation_id: 'exported', mcp_servers: ['alpha'] });
  await talk.titled('exported');
  const [item] = await client().list.query();
  const exported = await client().export.query({ id: item?.id ?? '' });
  const { id } = await client().import.mutate(exported);
  const { rounds: _, ...expected } = exported;
  const again = await client().export.query({ id });
  expect(again).toMatchObject(expected);
  expect(again.rounds.map(({ content, answers }) => ({ content, answers }))).toEqual(
    exported.rounds.map(({ content, answers }) => ({ content, answers })),
  );
  expect(exported.rounds[0]?.answers.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
  await expect(client().import.mutate({ ...exported, rounds: [] })).rejects.toThrow(/must have a round/);
});
