export { nav } from './nav.ts';
export { words } from './words.en.ts';
