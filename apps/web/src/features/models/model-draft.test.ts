import { describe, expect, it } from 'vitest';
import { presets } from '@switchboard/core/models/schema';
import { emptyDraft, readBody, toCreate, toDraft, withPreset, type Model } from './model-draft.ts';

const stored = {
  name: 'main',
  baseUrl: 'https://api.openai.com/v1',
  model: 'gpt-4o',
  protocol: null,
  visibility: 'group',
  groups: ['team'],
  abilities: { tools: true, images: true, reasoning: false },
  toolProtocol: 'native',
  priceIn: 2.5,
  priceOut: 10,
  contextWindow: 128_000,
  timeoutMs: 90_000,
  options: { temperature: 0.3, max_tokens: 500, seed: 7 },
  headers: { 'x-org': '***' },
  extraBody: { user: 'hub' },
} as unknown as Model;

describe('a draft', () => {
  it('of a stored model says what is stored, and keeps its key', () => {
    const { abilities, timeoutMs, ...rest } = toCreate(toDraft(stored), stored.options);
    expect({ ...rest, abilities, timeoutMs }).toEqual({
      ...stored,
      apiKey: '',
      options: { seed: 7, temperature: 0.3, max_tokens: 500 },
    });
  });

  it('takes a setting away where its field is empty, and no other', () => {
    const emptied = toCreate({ ...toDraft(stored), temperature: '', priceIn: ' ' }, stored.options);
    expect([emptied.options, emptied.priceIn]).toEqual([{ seed: 7, max_tokens: 500 }, null]);
  });

  it.each(presets)('is filled by the preset $id', (preset) => {
    const filled = withPreset(emptyDraft, preset);
    expect(toCreate(filled)).toMatchObject({ baseUrl: preset.baseUrl, model: preset.example, name: preset.example });
    expect(withPreset({ ...emptyDraft, name: 'mine' }, preset).name).toBe('mine');
  });

  it.each([
    ['', {}],
    ['{"a":1}', { a: 1 }],
    ['[1]', null],
    ['{', null],
    ['null', null],
  ])('reads %j as the body %j', (text, body) => {
    expect(readBody(text)).toEqual(body);
  });
});
