/** Something in an answer that could not be taken over: it is told instead of lost. */
export interface DraftProblem {
  /** The tag that it stands in. */
  tag: string;
  /** What the tag is about, where that can be read: a node, a file. */
  name: string | null;
  reason: string;
}

/** Reads what a model writes, answer by answer; an answer comes in any pieces. */
export interface DraftReader<Draft> {
  push(piece: string): void;
  /** The answer is whole. */
  end(): void;
  /** What all answers together come to, as far as they are. */
  draft(): Draft;
}
