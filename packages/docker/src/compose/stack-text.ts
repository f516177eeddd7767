import type { Stack } from './compose.ts';

export interface StackText {
  content: string;
  /** Lines `NAME=value`; null where there are none. */
  env: string | null;
}

export interface DraftStack extends AsyncDisposable {
  stack: Stack;
}
