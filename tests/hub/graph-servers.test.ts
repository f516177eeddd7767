import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { addPerson, type Caller } from '../support/people.ts';
import { until } from '../support/until.ts';

/** Graphs of agents as servers of one tool, which runs with the rights of whoever calls it. */

let app: TestApp;
let provider: ScriptedProvider;
let owner: Caller;
beforeAll(async () => {
  provider = await startProvider();
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  await app.client().models.create.mutate({ name: 'talker', baseUrl: provider.url, visibility: 'everyone' });
  owner = await addPerson(app, 'owner', { role: 'manager' });
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

async function connect(path: string, token: string): Promise<Client> {
  const headers = { authorization: `Bearer ${token}` };
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${app.url}${path}`), { requestInit: { headers } }));
  return client;
}

function node(name: string, more: Json = {}): Json {
  return { name, model_name: 'talker', ...more };
}

/** A graph of the owner's that everybody may run, as a server that everybody may use. */
async function open(name: string, nodes: Json[], description = ''): Promise<string> {
  const client = owner.client();
  await client.graphs.save.mutate({ config: { name, description, nodes } });
  await client.graphs.share.mutate({ id: name, visibility: 'everyone' });
  return (await client.graphs.show.mutate({ id: name, visibility: 'everyone' })).id;
}

const chain = [node('first'), node('second', { input_nodes: ['first'] })];

test('a graph that the hub shows is a server of one tool, with a schema, signs of progress and structured output', async () => {
  const id = await open('研究 team', chain, 'Finds things out');
  expect(id).toBe('team');
  const client = await connect(`/mcp/${id}`, owner.token);
  const { tools } = await client.listTools();
  expect(tools).toMatchObject([{ name: 'run__team', description: 'Finds things out' }]);
  expect(tools[0]?.inputSchema.required).toEqual(['input_text']);
  provider.script({ text: 'one' }, { text: 'two' });
  const heard: Json[] = [];
  const call = { name: 'run__team', arguments: { input_text: 'Go' } };
  const result: Json = await client.callTool(call, { onprogress: (progress) => void heard.push(progress) });
  expect(result.content).toEqual([{ type: 'text', text: 'two' }]);
  const { conversation_id: conversation } = result.structuredContent;
  expect(result.structuredContent).toEqual({
    conversation_id: expect.stringMatching(/^研究 team_/),
    final_result: 'two',
    execution_chain: [['start', 'first'], ['second']],
    waiting: [],
  });
  expect(heard.map(({ progress, message }) => [progress, message])).toEqual([
    [1, 'first'],
    [2, 'second'],
  ]);
  // Once more in the same conversation, after the input before.
  provider.script({ text: 'three' }, { text: 'four' });
  const again: Json = await client.callTool({
    ...call,
    arguments: { input_text: 'On', conversation_id: conversation },
  });
  expect(again.structuredContent).toMatchObject({ conversation_id: conversation, final_result: 'four' });
  const [run] = await owner.client().graphs.runs.list.query({ graph: '研究 team' });
  expect((await owner.client().graphs.runs.get.query({ runId: run?.id ?? '' })).inputs).toEqual(['Go', 'On']);
  // Beside other servers it has its own name before the tool's.
  const all = await connect('/mcp', owner.token);
  expect((await all.listTools()).tools.map(({ name }) => name)).toContain('team__run__team');
  await Promise.all([client.close(), all.close()]);
});

test('it runs as whoever calls it: that one has the run, and needs the graph to be open', async () => {
  const id = await open('shared', chain);
  const person = await addPerson(app, 'caller');
  const client = await connect(`/mcp/${id}`, person.token);
  provider.script({ text: 'one' }, { text: 'two' });
  const call = { name: 'run_shared', arguments: { input_text: 'Mine' } };
  const result: Json = await client.callTool(call);
  expect(result.isError ?? false).toBe(false);
  expect(await person.client().graphs.runs.list.query({})).toMatchObject([{ graph: 'shared', input: 'Mine' }]);
  expect(await owner.client().graphs.runs.list.query({ graph: 'shared' })).toEqual([]);
  await owner.client().graphs.share.mutate({ id: 'shared', visibility: 'private' });
  const refused: Json = await client.callTool(call);
  expect(refused).toMatchObject({ isError: true });
  expect(refused.content[0].text).toContain('not open to you');
  await client.close();
});

test('wrong arguments, a failure and a call that is given up are told, and the run ends with its call', async () => {
  const id = await open('fragile', [node('only')]);
  const client = await connect(`/mcp/${id}`, owner.token);
  for (const [given, word] of [
    [{}, 'input_text'],
    [{ input_text: 'x', more: 1 }, 'more'],
    [{ input_text: 7 }, 'input_text'],
  ] as const) {
    const told: Json = await client.callTool({ name: 'run_fragile', arguments: given });
    expect(told).toMatchObject({ isError: true });
    expect(told.content[0].text).toContain(word);
  }
  expect(provider.requests).toEqual([]);
  provider.script({ status: 400, error: 'no such thing' } as Json);
  const failed: Json = await client.callTool({ name: 'run_fragile', arguments: { input_text: 'x' } });
  expect(failed).toMatchObject({ isError: true });
  expect(failed.content[0].text).toContain("Node 'only' failed");

  provider.script({ text: 'Once upon a time', stallAfter: 2 });
  const gone = new AbortController();
  const call = { name: 'run_fragile', arguments: { input_text: 'slow' } };
  const given = client.callTool(call, { signal: gone.signal }).catch((error: unknown) => error);
  await until(() => Promise.resolve(provider.requests.length === 2), 'the model is asked');
  gone.abort();
  await given;
  await until(async () => {
    const [run] = await owner.client().graphs.runs.list.query({ graph: 'fragile' });
    return run?.input === 'slow' && run.state === 'cancelled';
  }, 'the run ends');
  await client.close();
});

test('graphs call graphs, and none itself', async () => {
  const inner = await open('inner', [node('leaf')]);
  await open('outer', [node('asks', { mcp_servers: [inner] })]);
  provider.script(
    { calls: [{ name: 'run_inner', arguments: { input_text: 'deep' } }] },
    { text: 'from below' },
    { text: 'told' },
  );
  const client = await connect('/mcp/outer', owner.token);
  const result: Json = await client.callTool({ name: 'run_outer', arguments: { input_text: 'x' } });
  expect(result.structuredContent.final_result).toBe('told');
  expect(JSON.stringify(provider.requests.at(-1)?.body)).toContain('from below');

  // Now the inner one asks for the outer one, which asks for it.
  await owner
    .client()
    .graphs.save.mutate({ config: { name: 'inner', nodes: [node('leaf', { mcp_servers: ['outer'] })] } });
  provider.forget();
  provider.script(
    { calls: [{ name: 'run_inner', arguments: { input_text: 'a' } }] },
    { calls: [{ name: 'run_outer', arguments: { input_text: 'b' } }] },
    { text: 'then not' },
    { text: 'the end' },
  );
  const round: Json = await client.callTool({ name: 'run_outer', arguments: { input_text: 'x' } });
  expect(round.structuredContent.final_result).toBe('the end');
  expect(JSON.stringify(provider.requests[2]?.body)).toContain('called by a run of its own');
  await client.close();
});

test('a graph that asks a person answers with its run, which the caller finds in the hub', async () => {
  const check = node('check', { kind: 'human', ask: 'answer', user_prompt: 'Which one?', model_name: '' });
  const id = await open('asking', [check]);
  const client = await connect(`/mcp/${id}`, owner.token);
  const result: Json = await client.callTool({ name: 'run_asking', arguments: { input_text: 'x' } });
  expect(result.content[0].text).toMatch(/waits for a person.*Which one\?/s);
  expect(result.structuredContent.waiting).toEqual([{ node: 'check', question: 'Which one?\n\nx' }]);
  const [run] = await owner.client().graphs.runs.list.query({ graph: 'asking', state: 'waiting' });
  expect(run?.externalId).toBe(result.structuredContent.conversation_id);
  await client.close();
});

test('a change of the graph is told to clients, and its end takes the server along', async () => {
  const id = await open('changing', [node('a')], 'Before');
  const client = await connect(`/mcp/${id}`, owner.token);
  let changes = 0;
  client.setNotificationHandler('notifications/tools/list_changed', () => void (changes += 1));
  expect((await client.listTools()).tools).toMatchObject([{ description: 'Before' }]);
  const config = { name: 'changing', description: 'After', nodes: [node('a')] };
  await owner.client().graphs.save.mutate({ config });
  await until(async () => (await client.listTools()).tools[0]?.description === 'After', 'the tool is described anew');
  await until(() => changes > 0, 'the client hears of it');
  const listed = await owner.client().graphs.get.query({ id: 'changing' });
  expect(listed.serverId).toBe(id);
  await expect(owner.client().graphs.show.mutate({ id: 'changing' })).rejects.toThrow(`server '${id}'`);
  await owner.client().graphs.remove.mutate({ id: 'changing' });
  expect((await app.json(`/api/servers/${id}`)).status).toBe(404);
  await client.close();
});

test('a graph that is not open to somebody becomes no server of theirs', async () => {
  await owner.client().graphs.save.mutate({ config: { name: 'hidden', nodes: [node('a')] } });
  const { id } = await owner.client().graphs.get.query({ id: 'hidden' });
  const person = await addPerson(app, 'curious');
  await expect(person.client().graphs.show.mutate({ id })).rejects.toThrow('does not exist');
  const draft = { name: 'theirs', kind: 'graph' as const, graph: id };
  await expect(person.client().servers.create.mutate(draft)).rejects.toThrow('does not exist');
});

test('a server tells nothing of a graph that was closed to its owner, and hinders nobody else’s', async () => {
  const config = { name: 'lent', description: 'Before', nodes: [node('a')] };
  await owner.client().graphs.save.mutate({ config });
  await owner.client().graphs.share.mutate({ id: 'lent', visibility: 'everyone' });
  const person = await addPerson(app, 'borrower');
  const theirs = await person.client().graphs.show.mutate({ id: 'lent', visibility: 'private' });
  const client = await connect(`/mcp/${theirs.id}`, person.token);
  expect((await client.listTools()).tools).toMatchObject([{ description: 'Before' }]);
  // One that is hidden from the owner of the graph is nothing to it.
  const own = await owner.client().graphs.show.mutate({ id: 'lent' });
  expect(own.id).not.toBe(theirs.id);
  await owner.client().graphs.share.mutate({ id: 'lent', visibility: 'private' });
  await owner.client().graphs.save.mutate({ config: { ...config, description: 'Secret' } });
  await until(async () => (await client.listTools()).tools.length === 0, 'the tool is gone');
  await expect(client.callTool({ name: 'run_lent', arguments: { input_text: 'x' } })).rejects.toThrow();
  await client.close();
});
