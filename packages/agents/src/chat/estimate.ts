/** The rough length of a token. */
export const charactersAToken = 4;
/** The rough cost of an image with the usual providers. */
const tokensAnImage = 1_000;

/** Characters of a value as text: its strings and numbers, whatever holds them. */
export function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.startsWith('data:') ? tokensAnImage * charactersAToken : value.length;
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).reduce((sum, [name, entry]) => sum + name.length + charactersOf(entry), 0);
  }
  return value === undefined ? 0 : 4;
}

/** About how many tokens messages, tools or anything else of JSON have. */
export function estimateTokens(value: unknown): number {
  return Math.ceil(charactersOf(value) / charactersAToken);
}
