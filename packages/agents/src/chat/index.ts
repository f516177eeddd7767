export { runLoop } from './loop.ts';
export type * from './types.ts';
