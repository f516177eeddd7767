import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, isTest, read } from './house/source.ts';
import { asked } from './house/words.ts';

/** Features of the page are apart: each has its folder with its pages, its place in the navigation and its words. */

const web = 'apps/web/src/';
const source = path.join(import.meta.dirname, '..', web);
const features = readdirSync(path.join(source, 'features')).toSorted();

/** Imports of a file of the page, those that are awaited too. */
function relative(directory: string): { file: string; target: string }[] {
  return files
    .filter((file) => file.startsWith(web + directory) && !isTest(file))
    .flatMap((file) =>
      [...read(file).matchAll(/(?:\sfrom|^import|\bimport\()\s*'(\.[^']*)'/gm)].map((match) => ({
        file,
        target: path.posix.join(path.posix.dirname(file), match[1] ?? ''),
      })),
    );
}

/** Which feature of the page a file belongs to. */
function featureOf(file: string): string | undefined {
  return /^apps\/web\/src\/features\/([^/]+)\//.exec(file)?.[1];
}

async function wordsIn(file: string): Promise<[string, object][]> {
  return Object.entries((await import(path.join(source, file))) as Record<string, object>);
}

function keysOf(words: object, prefix: string): string[] {
  return Object.entries(words).flatMap(([name, word]: [string, string | object]) =>
    typeof word === 'string' ? [`${prefix}${name}`] : keysOf(word, `${prefix}${name}.`),
  );
}

const shared = (await wordsIn('locales/en/index.ts')).flatMap(([, words]) => keysOf(words, ''));
const own = await Promise.all(
  features.map(async (feature) =>
    (await wordsIn(`features/${feature}/words.en.ts`)).map(([, words]) => keysOf(words, `${feature}.`)),
  ),
);
const keys = [...shared, ...own.flat(2)];

describe('features', () => {
  test('take the shared rooms, never another feature or the app', () => {
    const rooms = /^apps\/web\/src\/(lib|ui|locales)\//;
    const foreign = relative('features/').filter(
      ({ file, target }) => !rooms.test(target) && featureOf(target) !== featureOf(file),
    );
    expect(foreign).toEqual([]);
    const below = relative('').filter(({ file, target }) => rooms.test(file) && !rooms.test(target));
    expect(below).toEqual([]);
  });

  test('are folded by the app from one list, with a line for each', () => {
    const list = features.map((feature) => `export * as ${feature} from '../features/${feature}/index.ts';`);
    expect(read(`${web}app/features.ts`).trim().split('\n')).toEqual(list);
    // What is made of parts of several features is put together in these.
    const joints = ['app/joint-routes.ts', 'app/pages.tsx', 'app/shell.tsx'].map((file) => web + file);
    const others = relative('').filter(
      ({ file, target }) => featureOf(target) !== undefined && featureOf(file) === undefined && !joints.includes(file),
    );
    expect([...new Set(others.map(({ file }) => file))]).toEqual([`${web}app/features.ts`]);
  });
});

describe('words', () => {
  test('of a feature stand in its folder, the shared ones apart', () => {
    const rooms = new Set(shared.map((key) => key.split('.')[0] ?? ''));
    expect(features.filter((feature) => rooms.has(feature))).toEqual([]);
  });

  test('of a feature are used by it alone; what two say is shared', () => {
    const foreign = asked.filter(({ file, key, fits }) => {
      const owner = key.split('.')[0] ?? '';
      if (file.startsWith(`${web}app/`) || owner === featureOf(file) || !features.includes(owner)) return false;
      return keys.some((each) => fits.test(each));
    });
    expect(foreign.map(({ file, key }) => `${key} (${file})`)).toEqual([]);
  });

  test('that are asked for are there', () => {
    const missing = asked.filter(
      ({ key, fits, isKey }) => isKey && !(/^\w+\./.test(key) && keys.some((each) => fits.test(each))),
    );
    expect(missing.map(({ file, key }) => `${key} (${file})`)).toEqual([]);
  });

  test('that are there are asked for', () => {
    const isAsked = new Set(asked.map(({ key }) => key));
    const made = asked.filter(({ key }) => key.includes('${}'));
    // The page of rights asks each feature for the word of its kind; the compiler knows which have rights.
    const families = new Set(features.map((feature) => `${feature}.family`));
    const unused = keys.filter((key) => {
      const plain = key.replace(/_(?:one|other)$/, '');
      return !families.has(key) && !isAsked.has(plain) && !made.some(({ fits }) => fits.test(key));
    });
    expect(unused).toEqual([]);
  });
});
