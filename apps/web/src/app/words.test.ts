import { expect, it } from 'vitest';
import { english as words, loadChinese } from './words.ts';

function flatten(value: object, prefix = ''): Map<string, string> {
  const entries = Object.entries(value) as [string, string | object][];
  return new Map(
    entries.flatMap(([key, each]) =>
      typeof each === 'string' ? [[prefix + key, each] as const] : [...flatten(each, `${prefix}${key}.`)],
    ),
  );
}

const english = flatten(words);
const chinese = flatten((await loadChinese()).words);
function holes(text: string) {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').toSorted((a, b) => a.localeCompare(b));
}

it('says everything in both languages', () => {
  const needed = [...english.keys()].filter((key) => !key.endsWith('_one'));
  expect([...chinese.keys()].toSorted()).toEqual(needed.toSorted());
});

it('fills the same values in', () => {
  for (const [key, text] of chinese) expect([key, holes(text)]).toEqual([key, holes(english.get(key) ?? '')]);
});

it('leaves nothing empty or untranslated by accident', () => {
  const same = [...chinese].filter(
    ([key, text]) => text === '' || (text === english.get(key) && /[a-z]{4,}\s[a-z]{3,}\s[a-z]{3,}/i.test(text)),
  );
  expect(same).toEqual([]);
});
