export { nav } from './nav.ts';
export { routes } from './routes.ts';
export { words } from './words.en.ts';
