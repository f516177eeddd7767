import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTestCore, type TestCore } from '../testing.ts';
import { diffGraphVersions, listGraphVersions, restoreGraph } from './history.ts';
import { getGraph, removeGraph, renameGraph, saveGraph } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub?.close());

function config(prompt: string) {
  return { name: 'kept', nodes: [{ name: 'a', model_name: 'demo', user_prompt: prompt, mine: { b: 1, a: 2 } }] };
}

it('keeps what a graph was, tells what changed, and makes it that again', async () => {
  const ctx = hub.ctx();
  const { id } = await saveGraph(ctx, { config: config('one') });
  await saveGraph(ctx, { config: config('two') });
  // The same once more is no change.
  await saveGraph(ctx, { config: config('two') });
  expect((await listGraphVersions(ctx, { id })).versions.map(({ number }) => number)).toEqual([2, 1]);
  const { config: diff } = await diffGraphVersions(ctx, { id, from: 1, to: 2 });
  expect(diff.lines.filter(({ type }) => type === 'add' || type === 'remove')).toEqual([
    { type: 'remove', text: '    user_prompt: one' },
    { type: 'add', text: '    user_prompt: two' },
  ]);
  await renameGraph(ctx, { id, name: 'renamed' });
  const restored = await restoreGraph(ctx, { id, number: 1 });
  expect(restored).toMatchObject({ name: 'renamed', config: { name: 'renamed' } });
  expect(restored.config.nodes[0]).toMatchObject({ user_prompt: 'one', mine: { b: 1, a: 2 }, level: 0 });
  expect((await getGraph(ctx, { id })).config.nodes[0]?.user_prompt).toBe('one');
  const [newest] = (await listGraphVersions(ctx, { id })).versions;
  expect(newest).toMatchObject({ restored: 1 });
  await expect(restoreGraph(ctx, { id, number: 99 })).rejects.toMatchObject({ code: 'not_found' });
  await removeGraph(ctx, { id });
  await expect(listGraphVersions(ctx, { id })).rejects.toMatchObject({ code: 'not_found' });
});
