/** Foreign text as PostgreSQL can keep it: without NUL, of whole characters, and no longer than `most` UTF-16 units. */
export function storable(text: string, most: number): string {
  return text
    .slice(0, 2 * most)
    .replaceAll('\0', '')
    .slice(0, most)
    .toWellFormed();
}

/** Escapes in JSON that PostgreSQL keeps none of: NUL, and halves of characters. */
const unkept = /\\u(?:0000|d[89ab]|d[c-f])/i;

/** Foreign JSON as PostgreSQL can keep it in a column of the type jsonb: of whole characters, and without NUL. */
export function storableJson<Value>(value: Value): Value {
  return unkept.test(JSON.stringify(value)) ? (cleaned(value) as Value) : value;
}

function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [clean(name), cleaned(entry)]));
}
