const longest = 160;

/** A value on one line, cut where it is long. */
export function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
