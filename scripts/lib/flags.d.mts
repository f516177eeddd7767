export interface FlagAnswer {
  text: string;
  /** The exit code of the process. */
  code: 0 | 2;
}

export function answerFlags(args: readonly string[], version: string): FlagAnswer | null;
export function tell(answer: FlagAnswer): void;
