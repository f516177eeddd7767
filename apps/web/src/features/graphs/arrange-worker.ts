/** Arranges a graph beside the page, which goes on meanwhile. */
import { arranged, type Unarranged } from './arrange.ts';

addEventListener('message', ({ data }: MessageEvent<Unarranged>) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
  postMessage(arranged(data));
});
