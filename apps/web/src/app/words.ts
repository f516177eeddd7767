import { en } from '../locales/en/index.ts';
import * as features from './features.ts';

type Features = typeof features;
type Words = typeof en & { [Name in keyof Features]: Features[Name]['words'] };

function folded(words: readonly (readonly [string, object])[]): object {
  return Object.fromEntries(words);
}

const own = Object.entries(features).map(([name, { words }]) => [name, words] as const);

/** Every word of the page: the shared ones, and those of each feature under its name. */
export const english = { ...en, ...folded(own) } as Words;

/** The same in Chinese, with the hub's reasons; comes when somebody reads it. */
export async function chinese(): Promise<{ words: object; reasons: object }> {
  const [{ zhCN, reasons }, ...words] = await Promise.all([
    import('../locales/zh-CN/index.ts'),
    ...Object.entries(features).map(async ([name, { chinese }]) => [name, (await chinese()).words] as const),
  ]);
  return { words: { ...zhCN, ...folded(words) }, reasons };
}
