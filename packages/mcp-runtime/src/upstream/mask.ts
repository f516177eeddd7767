const SHORTEST = 6;

/** A function that writes `***` for each of these values. Values under six characters would mask ordinary words and stay. */
export function createMask(values: Iterable<string>): (text: string) => string {
  const parts = new Set<string>();
  for (const value of values) {
    // Text is seen line by line, so each line of a long secret counts.
    for (const line of value.split(/\r?\n/)) {
      const part = line.trim();
      if (part.length >= SHORTEST) parts.add(part);
    }
  }
  if (parts.size === 0) return (text) => text;
  const longestFirst = [...parts].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(pattern, '***');
}
