import { en } from '../locales/en/index.ts';
import * as features from './features.ts';

type Features = typeof features;
type Words = typeof en & { [Name in keyof Features]: Features[Name]['words'] };

const own = Object.entries(features).map(([name, { words }]) => [name, words] as const);

/** Every word of the page: the shared ones, and those of each feature under its name. */
export const english = { ...en, ...Object.fromEntries(own) } as Words;

/** The same in Chinese, with the hub's reasons; comes as one file when somebody reads it. */
export function loadChinese(): Promise<{ words: object; reasons: object }> {
  return import('./chinese.ts');
}
