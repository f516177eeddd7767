/** The sentences about containers. */
export const containerSentences = {
  mostTerminals: 'You have {{number}} terminals open; close one first.',
  needsText: 'give text or base64',
  noContainer: 'There is no container "{{id}}".',
  nothingStarted: 'Nothing was started. {{violations}}',
  terminalClosed: 'This terminal is not open any more.',
} as const;
