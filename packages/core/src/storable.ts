/** Foreign text as PostgreSQL can keep it: without NUL, of whole characters, and no longer than `most` UTF-16 units. */
export function storable(text: string, most: number): string {
  return text
    .slice(0, 2 * most)
    .replaceAll('\0', '')
    .slice(0, most)
    .toWellFormed();
}
