import { expect } from 'vitest';
import type { Json } from '../support/mcp/script-types.ts';
import type { TestClient } from '../support/mcp/test-client.ts';

/** One client at one endpoint in front of one scripted server. */
export interface Place {
  client: TestClient;
  /** Name of the scripted server, as its results show it. */
  server: string;
  /** What the endpoint calls a tool or prompt of that server. */
  exposed(name: string): string;
}

export type Behaviour = (place: Place) => Promise<void>;

export function textOf(result: Json): string {
  const [first] = (result['content'] ?? result['contents']) as { text?: string }[];
  return first?.text ?? '';
}

function names(items: Json[]): string[] {
  return items.map((item) => String(item['name'] ?? item['uri']));
}

function modern(client: TestClient): boolean {
  return client.kind === 'v2-modern';
}

async function listsEveryPage({ client, server, exposed }: Place): Promise<void> {
  const tools = await client.list('tools/list', 'tools');
  expect(names(tools)).toEqual(expect.arrayContaining(['echo', 'talk', 'touch'].map(exposed)));
  expect(new Set(names(tools)).size).toBe(tools.length);
  expect(names(await client.list('prompts/list', 'prompts'))).toEqual(
    expect.arrayContaining(['greet', 'bye', 'ask'].map(exposed)),
  );
  const resources = await client.list('resources/list', 'resources');
  expect(resources.map(({ uri }) => uri)).toEqual(
    expect.arrayContaining(['test://shared/note', `test://${server}/note`]),
  );
  const templates = await client.list('resources/templates/list', 'resourceTemplates');
  expect(templates.map(({ uriTemplate }) => uriTemplate)).toContain(`test://${server}/item/{id}`);
}

async function keepsWhatAToolSays({ client, server, exposed }: Place): Promise<void> {
  const tools = await client.list('tools/list', 'tools');
  const echo = tools.find(({ name }) => name === exposed('echo'));
  expect(echo).toMatchObject({
    title: 'Echo',
    description: `Returns its text, from ${server}`,
    annotations: { readOnlyHint: true, idempotentHint: true },
    icons: [{ mimeType: 'image/png' }],
    _meta: { 'example.org/owner': server },
  });
  const structured = tools.find(({ name }) => name === exposed('structured'));
  expect(structured?.['outputSchema']).toMatchObject({ required: ['double'] });
}

async function calls({ client, server, exposed }: Place): Promise<void> {
  const echoed = await client.call(exposed('echo'), { text: 'grüße 你好 \u{1F44B}' });
  expect(textOf(echoed)).toBe('grüße 你好 \u{1F44B}');
  expect(echoed['_meta']).toMatchObject({ 'example.org/from': server });
  expect(await client.call(exposed('structured'), { n: 21 })).toMatchObject({ structuredContent: { double: 42 } });
  expect(await client.call(exposed('fail'))).toMatchObject({ isError: true });
  expect(textOf(await client.call(exposed('big'), { bytes: 2_000_000 }))).toHaveLength(2_000_000);
  await expect(client.call(exposed('no_such_tool'))).rejects.toThrow(/no_such_tool|unknown|not found/i);
}

async function reportsProgress({ client, exposed }: Place): Promise<void> {
  const seen: number[] = [];
  const result = await client.call(
    exposed('slow'),
    { steps: 4, ms: 10 },
    { onprogress: (progress) => seen.push(Number(progress['progress'])) },
  );
  expect(textOf(result)).toBe('took 4 steps');
  expect(seen).toEqual([1, 2, 3, 4]);
}

async function cancels({ client, exposed }: Place): Promise<void> {
  const before = Number(textOf(await client.call(exposed('cancelled'))));
  const stop = new AbortController();
  const running = client.call(exposed('slow'), { steps: 200, ms: 20 }, { signal: stop.signal });
  setTimeout(() => stop.abort(), 150);
  await expect(running).rejects.toThrow();
  await expect.poll(async () => Number(textOf(await client.call(exposed('cancelled'))))).toBeGreaterThan(before);
}

async function asksForAForm({ client, exposed }: Place): Promise<void> {
  const result = await client.call(exposed('elicit'));
  expect(JSON.parse(textOf(result))).toMatchObject({ action: 'accept', content: { name: 'my name' } });
  expect(client.asked.at(-1)).toMatchObject({ method: 'elicitation/create', params: { message: 'Your name?' } });
}

async function asksToOpenAPage({ client, exposed }: Place): Promise<void> {
  const result = await client.call(exposed('elicit_url'));
  expect(JSON.parse(textOf(result))).toMatchObject({ action: 'accept' });
  expect(client.asked.at(-1)?.params).toMatchObject({ mode: 'url', url: 'https://example.org/sign-in' });
}

async function asksTwice({ client, exposed }: Place): Promise<void> {
  const result = await client.call(exposed('ask_twice'));
  expect(JSON.parse(textOf(result))).toEqual([{ name: 'my name' }, { color: 'my color' }]);
}

async function reportsAroundAQuestion({ client, exposed }: Place): Promise<void> {
  const seen: number[] = [];
  // The v2 client tells of its own rounds by the same way, without a total.
  function onprogress({ progress, total }: Json): unknown {
    return total === 4 && seen.push(Number(progress));
  }
  await client.call(exposed('ask_between'), {}, { onprogress });
  // A server of 2026 begins again when the answer comes.
  expect([...new Set(seen)]).toEqual([1, 2, 3, 4]);
}

async function samples({ client, exposed }: Place): Promise<void> {
  const result = await client.call(exposed('sample'), { prompt: 'capital of France?' });
  expect(JSON.parse(textOf(result))).toMatchObject({ content: { text: 'model says capital of France?' } });
}

async function asksForRoots({ client, exposed }: Place): Promise<void> {
  expect(JSON.parse(textOf(await client.call(exposed('roots'))))).toMatchObject({ roots: [{ uri: 'file:///work' }] });
}

async function readsResources({ client, server }: Place): Promise<void> {
  const own = `test://${server}/note`;
  expect(textOf(await client.request('resources/read', { uri: own }))).toBe(`${server} has ${own}`);
  const item = `test://${server}/item/7`;
  expect(textOf(await client.request('resources/read', { uri: item }))).toBe(`${server} has ${item}`);
  await expect(client.request('resources/read', { uri: 'test://nowhere/at/all' })).rejects.toThrow(
    /not found|unknown/i,
  );
}

async function getsPrompts({ client, exposed }: Place): Promise<void> {
  const prompt = await client.request('prompts/get', { name: exposed('greet'), arguments: { who: 'Ada' } });
  expect(prompt).toMatchObject({ messages: [{ content: { text: 'greet Ada' } }] });
}

async function completes({ client, server, exposed }: Place): Promise<void> {
  const argument = { name: 'who', value: 'ann' };
  const byPrompt = await client.request('completion/complete', {
    ref: { type: 'ref/prompt', name: exposed('greet') },
    argument,
  });
  expect(byPrompt).toMatchObject({ completion: { values: ['anna', 'annika'] } });
  const byTemplate = await client.request('completion/complete', {
    ref: { type: 'ref/resource', uri: `test://${server}/item/{id}` },
    argument: { name: 'id', value: server },
  });
  expect(byTemplate).toMatchObject({ completion: { values: [`${server}-only`] } });
}

async function hearsOfListChanges({ client, exposed }: Place): Promise<void> {
  await client.watch({ tools: true });
  const grown = textOf(await client.call(exposed('grow')));
  await client.next('notifications/tools/list_changed');
  await expect.poll(async () => names(await client.list('tools/list', 'tools'))).toContain(exposed(grown));
}

async function hearsOfResourceUpdates({ client, server, exposed }: Place): Promise<void> {
  const uri = `test://${server}/note`;
  await client.watch({ resource: uri });
  await client.call(exposed('touch'), { uri });
  const update = await client.next('notifications/resources/updated');
  expect(update.params).toMatchObject({ uri });
}

async function logs({ client, exposed }: Place): Promise<void> {
  const _meta = modern(client) ? { 'io.modelcontextprotocol/logLevel': 'warning' } : {};
  if (!modern(client)) await client.request('logging/setLevel', { level: 'warning' });
  await client.request('tools/call', { name: exposed('talk'), arguments: {}, _meta });
  await client.next('notifications/message');
  await expect
    .poll(
      () =>
        client.heard.filter(({ method }) => method === 'notifications/message').map(({ params }) => params['level']),
      { timeout: 90_000 },
    )
    .toEqual(['warning', 'error']);
}

/** What has to hold for every client in front of every server. */
export const behaviours: Record<string, Behaviour> = {
  'lists every page of tools, prompts, resources and templates': listsEveryPage,
  'keeps titles, annotations, icons, schemas and _meta': keepsWhatAToolSays,
  'calls tools: text, structured content, tool errors, large results, unknown names': calls,
  'carries every progress notification in order': reportsProgress,
  'carries a cancellation to the server': cancels,
  'carries a form elicitation': asksForAForm,
  'carries a URL elicitation': asksToOpenAPage,
  'carries two questions of one call': asksTwice,
  'carries progress before and after a question': reportsAroundAQuestion,
  'carries sampling': samples,
  'carries roots': asksForRoots,
  'reads resources, by list and by template': readsResources,
  'gets prompts': getsPrompts,
  'completes prompt and template arguments': completes,
  'tells of a changed tool list': hearsOfListChanges,
  'tells of an updated resource': hearsOfResourceUpdates,
  'carries log messages from the level asked for': logs,
};
