export { useAppCommands as useCommands } from './commands.tsx';
export { nav } from './nav.ts';
export { routes } from './routes.ts';
export { words } from './words.en.ts';

export function chinese() {
  return import('./words.zh.ts');
}
