/** What is said of the Claude API. */
export const claudeSentences = {
  noClaude:
    'No model of Claude is there that you may use: an admin adds one or opens one to you, or starts the hub with ANTHROPIC_API_KEY.',
} as const;
