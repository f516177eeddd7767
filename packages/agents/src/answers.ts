/** Helpers for chunks, whoever asked for them. */
export { completionOf } from './providers/completion.ts';
