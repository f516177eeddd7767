/** The sentences about runs of agents. */
export const journalSentences = {
  answerCut: 'The hub stopped in the middle of the answer. The part so far is kept: continue it, or ask again.',
  runTakenOver: 'Another hub carries this on.',
  runnerGone: 'The person who started this no longer has an account, or the right to do it.',
} as const;
