// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { forgetKeptHere, newSettings, noTools, readKeptHere, rememberSettings } from './settings.ts';
import type { Model } from './types.ts';

function model(name: string, { use = true, builtIn = false } = {}): Model {
  return { name, builtIn, can: { use } } as Model;
}

const models = [model('demo', { builtIn: true }), model('closed', { use: false }), model('fast'), model('large')];

afterEach(() => localStorage.clear());

test('begins with the first model that somebody may use and that is no demo', () => {
  expect(newSettings(models, [])).toEqual({
    model: 'fast',
    fallback: null,
    systemPrompt: '',
    chosen: noTools,
    options: {},
  });
});

test.each([
  [[model('demo', { builtIn: true })], 'demo'],
  [[model('closed', { use: false })], 'demo'],
  [[], 'demo'],
])('falls back to the demo where there is none (%#)', (offered, expected) => {
  expect(newSettings(offered, []).model).toBe(expected);
});

test('offers the tools of the demo server where it is there', () => {
  expect(newSettings(models, ['docs', 'demo']).chosen.servers).toEqual(['demo']);
  expect(newSettings(models, ['docs']).chosen.servers).toEqual([]);
});

test('begins with what was used last, as far as it is still there', () => {
  const chosen = { servers: ['docs', 'gone'], groups: ['g'], tools: null };
  rememberSettings({ model: 'large', fallback: 'fast', systemPrompt: 'Secret.', chosen, options: { temperature: 1 } });
  expect(newSettings(models, ['docs', 'demo'])).toEqual({
    model: 'large',
    fallback: 'fast',
    systemPrompt: '',
    chosen: { servers: ['docs'], groups: ['g'], tools: null },
    options: {},
  });
  const fewer = models.filter(({ name }) => name !== 'large' && name !== 'fast');
  expect(newSettings([...fewer, model('other')], [])).toMatchObject({ model: 'other', fallback: null });
});

test.each(['no JSON', '{"model":1}', '[]', 'null'])('forgets what makes no sense: %s', (kept) => {
  localStorage.setItem('switchboard.chat.settings', kept);
  expect(newSettings(models, []).model).toBe('fast');
});

test('reads presets that this browser kept, and none that are none', () => {
  const preset = { name: 'Short', systemPrompt: 'Be short.', temperature: null, maxTokens: null };
  localStorage.setItem('switchboard.chat.presets', JSON.stringify([preset, { name: 7 }, 'x']));
  expect(readKeptHere().map(({ name }) => name)).toEqual(['Short']);
  forgetKeptHere();
  expect(readKeptHere()).toEqual([]);
});
