export { words } from './words.en.ts';

export function chinese() {
  return import('./words.zh.ts');
}
