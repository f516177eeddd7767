/** Tokens that models without efforts may think, by the effort that is asked for. */
export const thinkingBudgets: Readonly<Record<string, number>> = {
  low: 2048,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 65_536,
};
