import { expect, it } from 'vitest';
import { namingIn, optionsFor, type Extras } from './extras.ts';

it('finds the command or the mention that is being typed', () => {
  expect(namingIn('/sum')).toEqual({ kind: 'command', word: 'sum', from: 0 });
  expect(namingIn('/sum it')).toBeNull();
  expect(namingIn('see @read')).toEqual({ kind: 'mention', word: 'read', from: 4 });
  expect(namingIn('me@example')).toBeNull();
  expect(namingIn('@a b')).toBeNull();
  expect(namingIn('hello')).toBeNull();
});

it('offers what fits', () => {
  const prompt = { server: 's', exposedName: 's__sum', description: null, arguments: [] };
  const extras: Extras = {
    prompts: [
      { ...prompt, name: 'summarize', title: 'Sum up' },
      { ...prompt, name: 'other', title: null },
    ],
    resources: [{ uri: 'file:///readme', name: 'Readme', description: null, mimeType: null }],
  };
  expect(optionsFor(namingIn('/SUM'), extras)).toMatchObject([{ prompt: { name: 'summarize' } }]);
  expect(optionsFor(namingIn('@read'), extras)).toMatchObject([{ resource: { name: 'Readme' } }]);
  expect(optionsFor(null, extras)).toEqual([]);
});
