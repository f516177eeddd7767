const SHORTEST = 6;

/**
 * A function that writes `***` for each of these values and cuts a text to `most` characters. It looks no further than
 * the longest value beyond that, and leaves none in part. Values under six characters would mask ordinary words and stay.
 */
export function createMask(values: Iterable<string>): (text: string, most?: number) => string {
  const parts = new Set<string>();
  for (const value of values) {
    // Text is seen line by line, so each line of a long secret counts.
    for (const line of value.split(/\r?\n/)) {
      const part = line.trim();
      if (part.length >= SHORTEST) parts.add(part);
    }
  }
  if (parts.size === 0) return (text, most) => cut(text, most);
  const longestFirst = [...parts].sort((a, b) => b.length - a.length);
  const longest = longestFirst[0]?.length ?? 0;
  const pattern = new RegExp(longestFirst.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');
  return (text, most = Infinity) => {
    const seen = text.slice(0, most + longest);
    const masked = seen.replace(pattern, '***');
    // What was cut off may have been the rest of a value.
    return seen.length === text.length ? cut(masked, most) : cut(masked, Math.min(most, masked.length - longest), true);
  };
}

function cut(text: string, most = Infinity, more = false): string {
  return more || text.length > most ? `${text.slice(0, most)} … (cut)` : text;
}
