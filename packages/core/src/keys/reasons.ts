/** The sentences about API keys. */
export const keySentences = {
  keyNotStored: 'The key was not stored.',
  mostKeys: 'You have {{number}} API keys, and this hub allows {{most}} a person: revoke one before you make another.',
  mustBeFuture: 'must be in the future',
  noKey: "API key '{{id}}' does not exist.",
  noOwner: 'There is no user a key could belong to.',
  notSeen: "'{{name}}' does not exist, or you do not see it",
  notWholeName: "'{{name}}' is not its whole name: write '{{whole}}'",
} as const;
