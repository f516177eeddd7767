import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { view } from '../support/mcp/app-script.ts';
import { connect } from '../support/mcp/clients.ts';
import type { Json } from '../support/mcp/script-types.ts';
import type { ClientKind } from '../support/mcp/test-client.ts';
import { appServer, type Upstream } from '../support/mcp/upstreams.ts';

/** Two servers of MCP Apps whose interfaces have one URI, behind one endpoint, for the official clients. */

let hub: HubProcess;
const upstreams: Upstream[] = [];

beforeAll(async () => {
  hub = await startHub();
  for (const name of ['red', 'blue']) {
    const upstream = await appServer(name);
    upstreams.push(upstream);
    await hub.add(name, upstream);
  }
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const upstream of upstreams) await upstream[Symbol.asyncDispose]();
});

function open(kind: ClientKind, endpoint?: string) {
  return connect(kind, hub.url(endpoint), { headers: hub.headers });
}
function named(item: Json | undefined): unknown {
  const meta = item?.['_meta'] as { ui: { resourceUri: string }; 'ui/resourceUri': string };
  return [meta.ui.resourceUri, meta['ui/resourceUri']];
}
function firstText(result: Json): unknown {
  return (result['contents'] as Json[])[0]?.['text'];
}

describe.each(['v1-streamable', 'v2-legacy', 'v2-modern'] as const)('a %s client', (kind) => {
  test.each(['red', 'blue'])(
    'shows the interface of %s, which another server has under the same URI',
    async (server) => {
      await using client = await open(kind);
      expect(client.capabilities).toMatchObject({ extensions: { 'io.modelcontextprotocol/ui': {} } });
      const tools = await client.list('tools/list', 'tools');
      const shown = `ui://${server}+view.html`;
      expect(named(tools.find(({ name }) => name === `${server}__show`))).toEqual([shown, shown]);
      const resources = await client.list('resources/list', 'resources');
      expect(resources.map(({ uri }) => uri)).toContain(shown);
      const read = await client.request('resources/read', { uri: shown });
      expect(read['contents']).toMatchObject([{ uri: shown, text: `<p>${server} has ${view}` }]);
    },
  );

  test.each(['red', 'blue'])('finds its way from a result of %s', async (server) => {
    await using client = await open(kind);
    const result = await client.call(`${server}__show`);
    const shown = `ui://${server}+view.html`;
    expect(named(result)).toEqual([shown, shown]);
    const [embedded, link, text] = result['content'] as [{ resource: Json }, Json, Json];
    expect([embedded.resource['uri'], text['text']]).toEqual([shown, `${view} of ${server}`]);
    expect(firstText(await client.request('resources/read', { uri: link['uri'] }))).toBe(
      `<p>${server} has ui://item/7`,
    );
  });

  test('hears of changes under the URI that it subscribed to, and of no others', async () => {
    await using client = await open(kind);
    await client.watch({ resource: 'ui://blue+view.html' });
    await client.call('red__touch');
    await client.call('blue__touch');
    const { params } = await client.next('notifications/resources/updated');
    expect(params).toMatchObject({ uri: 'ui://blue+view.html' });
    const others = client.heard.filter(({ method }) => method === 'notifications/resources/updated');
    expect(others.every(({ params: told }) => told['uri'] === 'ui://blue+view.html')).toBe(true);
  });

  test('sees the URIs as they are at the endpoint of one server, and under no other name', async () => {
    await using client = await open(kind, 'red');
    const [tool] = await client.list('tools/list', 'tools');
    expect(named(tool)).toEqual([view, view]);
    expect(named(await client.call('show'))).toEqual([view, view]);
    expect(firstText(await client.request('resources/read', { uri: view }))).toBe(`<p>red has ${view}`);
    await expect(client.request('resources/read', { uri: 'ui://red+view.html' })).rejects.toThrow(/not found/i);
  });
});

test('what was kept apart is as it was once the other server is gone, and its name still leads to it', async () => {
  await using client = await open('v1-streamable');
  await client.list('resources/list', 'resources');
  await hub.api.servers.update.mutate({ id: 'blue', patch: { desired: 'disabled' } });
  await client.next('notifications/resources/list_changed');
  const resources = await client.list('resources/list', 'resources');
  expect(resources.map(({ uri }) => uri)).toEqual([view]);
  for (const uri of [view, 'ui://red+view.html']) {
    const read = await client.request('resources/read', { uri });
    expect(read['contents']).toMatchObject([{ uri, text: `<p>red has ${view}` }]);
  }
  await expect(client.request('resources/read', { uri: 'ui://blue+view.html' })).rejects.toThrow(/not found/i);
});
