/** What becomes of chunks, whoever asked for them. */
export { completionOf } from './providers/completion.ts';
