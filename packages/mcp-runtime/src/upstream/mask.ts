const shortest = 6;
const mask = '***';
/** Characters compared with values for one text; where a text takes more, all that is left of it is masked. */
const mostCompared = 10_000_000;

/** Values by their first six characters, the longest first. */
type ValuesByPrefix = ReadonlyMap<string, readonly string[]>;

/**
 * A function that writes `***` for each of these values and cuts a text to `most` characters. It looks no further than
 * the longest value beyond that, and leaves none in part. Values under six characters would mask ordinary words and stay.
 */
export function createMask(values: Iterable<string>): (text: string, most?: number) => string {
  const parts = new Set<string>();
  for (const value of values) {
    // Text is seen line by line, so each line of a long secret counts.
    for (const line of value.split('\n')) {
      const part = line.trim();
      if (part.length >= shortest) parts.add(part);
    }
  }
  if (parts.size === 0) return cut;
  const longestFirst = [...parts].sort((a, b) => b.length - a.length);
  const longest = longestFirst[0]?.length ?? 0;
  const byStart = Map.groupBy(longestFirst, (part) => part.slice(0, shortest));
  const firsts = new Set(longestFirst.map((part) => part.charCodeAt(0)));
  return (text, most = Infinity) => {
    const seen = text.slice(0, most + longest);
    const masked = withoutParts(seen, byStart, firsts);
    if (seen.length === text.length) return cut(masked, most);
    // The cut-off part may have been the rest of a value.
    return cut(masked, Math.min(most, Math.max(0, masked.length - longest)), true);
  };
}

/** The same for values some of which change: the mask is made anew only once they have. */
export function createChangingMask(
  given: Iterable<string>,
): (text: string, now: readonly string[], most?: number) => string {
  const always = [...given];
  let known: readonly string[] = [];
  let mask = createMask(always);
  return (text, now, most) => {
    if (now !== known && (now.length !== known.length || now.some((value, at) => value !== known[at]))) {
      mask = createMask([...always, ...now]);
    }
    known = now;
    return mask(text, most);
  };
}

/** Not one pattern for all values: where many begin alike, it compares each of them at each place of a text. */
function withoutParts(text: string, parts: ValuesByPrefix, firsts: ReadonlySet<number>): string {
  const kept: string[] = [];
  let from = 0;
  let left = mostCompared;
  for (let at = 0; at <= text.length - shortest; at += 1) {
    // Most places are no beginning of any value.
    const candidates = firsts.has(text.charCodeAt(at)) ? parts.get(text.slice(at, at + shortest)) : undefined;
    const found = candidates?.find((part) => {
      left -= part.length;
      return left < 0 || text.startsWith(part, at);
    });
    if (found === undefined) continue;
    kept.push(text.slice(from, at));
    from = left < 0 ? text.length : at + found.length;
    at = from - 1;
  }
  return kept.length === 0 ? text : [...kept, text.slice(from)].join(mask);
}

function cut(text: string, most = Infinity, more = false): string {
  return more || text.length > most ? `${text.slice(0, most)} … (cut)` : text;
}
