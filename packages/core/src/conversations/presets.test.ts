import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTestCore, type TestCore } from '../testing.ts';
import { forgetPreset, keepPresets, listPresets } from './index.ts';

let hub: TestCore;
beforeEach(async () => {
  hub = await makeTestCore();
});
afterEach(() => hub.close());

function preset(name: string, systemPrompt = 'Be brief.') {
  return { name, systemPrompt, temperature: 0.5, maxTokens: null };
}

test('presets are kept by their person, under names', async () => {
  const ann = await hub.addUser('user');
  await keepPresets(hub.ctx(), { presets: [preset('short'), preset('long', 'Say all.')] });
  await keepPresets(hub.ctx(ann), { presets: [preset('short', 'Hers')] });
  expect(await listPresets(hub.ctx(), {})).toEqual([preset('long', 'Say all.'), preset('short')]);
  expect(await listPresets(hub.ctx(ann), {})).toEqual([preset('short', 'Hers')]);
  await keepPresets(hub.ctx(), { presets: [preset('short', 'Be briefer.')] });
  const added = await keepPresets(hub.ctx(), { presets: [preset('short', 'Lost'), preset('new')], onlyNew: true });
  expect(added).toEqual({ kept: ['new'] });
  await forgetPreset(hub.ctx(), { name: 'long' });
  expect(await listPresets(hub.ctx(), {})).toEqual([preset('new'), preset('short', 'Be briefer.')]);
});

test('a person has no more than there is room for, however they come', async () => {
  const many = Array.from({ length: 50 }, (_, n) => preset(`p${n}`));
  const [first, ...rest] = many;
  await keepPresets(hub.ctx(), { presets: rest });
  const both = await Promise.allSettled(
    ['one', 'two'].map((name) => keepPresets(hub.ctx(), { presets: [preset(name)] })),
  );
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expect(keepPresets(hub.ctx(), { presets: first ? [first] : [] })).rejects.toMatchObject({
    code: 'limit_exceeded',
  });
  await keepPresets(hub.ctx(), { presets: [preset('p1', 'Another')] });
  expect(await listPresets(hub.ctx(), {})).toHaveLength(50);
  await expect(keepPresets(hub.ctx(), { presets: [preset('a\0b')] })).rejects.toMatchObject({ code: 'invalid' });
});
