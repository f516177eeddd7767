/** A value as it is typed: numbers, true, false and null are what they look like. */
export function typedValue(text: string): string | number | boolean | null {
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'null' ? null : text;
}
