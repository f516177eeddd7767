import { expect, test } from 'vitest';
import { startProvider } from '@switchboard/agents/testing';
import { createTestApp } from '../support/app.ts';
import { until } from '../support/until.ts';

test('items that a node gave up have ended with it, and what their models used is counted', async () => {
  await using provider = await startProvider();
  const app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  try {
    const client = app.client();
    await client.models.create.mutate({ name: 'talker', baseUrl: provider.url, model: 'talker' });
    const each = { items: '[1,2]', parallel: 2, body: { model_name: 'talker', user_prompt: 'Say {item}' } };
    const nodes = [
      { name: 'e', kind: 'each', each, attempts: { timeout_ms: 500 }, on_error: ['s'], output_nodes: ['end'] },
      { name: 's', model_name: 'talker', input_nodes: ['e'], output_nodes: ['end'] },
    ];
    const { status } = await app.json('/graphs', { body: { name: 'slow', nodes } });
    expect(status).toBe(200);
    const stalls = { text: 'one two three', stallAfter: 1 };
    provider.script(stalls, stalls, { text: 'sorry' });
    const { runId } = await client.graphs.runs.start.mutate({ id: 'slow', input: 'Go' });
    function see() {
      return client.graphs.runs.get.query({ runId });
    }
    await until(async () => (await see()).state === 'done', 'the run ends');
    const run = await see();
    const items = run.nodes.filter(({ node }) => node.startsWith('e.'));
    expect(items.map(({ node, done, failed }) => [node, done, failed])).toEqual([
      ['e.1', true, true],
      ['e.2', true, true],
    ]);
    for (const { used } of items) expect(used.tokensIn).toBeGreaterThan(0);
  } finally {
    await app.stop();
  }
});
