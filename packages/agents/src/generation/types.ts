/** A part of an answer that could not be used: it is reported instead of lost. */
export interface DraftProblem {
  /** The tag of the problem. */
  tag: string;
  /** The subject of the tag, where it can be read: a node, a file. */
  name: string | null;
  reason: string;
}

/** Reads what a model writes, answer by answer; an answer comes in any pieces. */
export interface DraftReader<Draft> {
  push(piece: string): void;
  /** The answer is whole. */
  end(): void;
  /** The draft from all answers so far. */
  draft(): Draft;
}
