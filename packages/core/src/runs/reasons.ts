/** The sentences about long work. */
export const runSentences = {
  doneAlready: 'Another run is working on it ({{kind}}): wait for its end.',
  givenUp: 'It was given up.',
  mostOfKind: '{{number}} runs of this kind ({{kind}}) are going, and that is the most: try again later.',
  mostQuestions: '{{number}} questions of this run wait for an answer, and that is the most.',
  mostRuns: 'You have {{number}} runs open; end one before you start another.',
  nobodyAnsweredMinutes: 'Nobody answered within {{minutes}} minutes.',
  nobodyAnsweredSeconds: 'Nobody answered within {{seconds}} seconds.',
  noRun: "Run '{{id}}' does not exist, or ended long ago.",
  questionClosed: 'This question is not open any more.',
  runBroke: 'Something went wrong in the hub.',
  serverRemoved: "The server '{{id}}' was removed.",
} as const;
