export { nav } from './nav.ts';
