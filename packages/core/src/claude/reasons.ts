/** The sentences about the Claude API. */
export const claudeSentences = {
  callbackForbidden: 'cannot be told: {{why}}',
  callbackRefused: 'The callback answers {{status}}.',
  claudeAskerGone: 'The account or API key that asked is gone or disabled.',
  claudeFailed: 'Something went wrong in the hub. Its log tells more.',
  claudeKept: '{{count}} of your questions of the last 24 hours are kept, as many as may be: ask again later.',
  claudeLost: 'The answer was lost, because the hub was stopped during every attempt. Ask again.',
  claudeWaiting: '{{count}} of your questions wait for an answer, as many as may: fetch their answers first.',
  noClaude:
    'No model of Claude is there that you may use: an admin adds one or opens one to you, or starts the hub with ANTHROPIC_API_KEY.',
  noClaudeRequest: "There is no question '{{id}}' of yours; answers are kept for 24 hours.",
  tellsNobody: 'This process posts to no callbacks.',
} as const;
