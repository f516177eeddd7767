/** The sentences about runs of agents. */
export const journalSentences = {
  answerCut: 'The hub ended in the middle of the answer. What was said so far is kept; let it go on, or ask again.',
  runTakenOver: 'Another hub carries this on.',
  runnerGone: 'Whoever began this is not there any more, or may not do it any more.',
} as const;
