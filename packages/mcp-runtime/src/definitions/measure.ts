import { deepestItem, largestItem } from './limits.ts';

/** The average characters of brackets, commas and short values. */
const memberBytes = 6;

/**
 * How large a value parsed from JSON is, in characters of JSON by and large; a word where it is larger or deeper than
 * a definition may be. Looks at no more of it than that takes.
 */
export function measure(value: unknown): number | 'too-large' | 'too-deep' {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  let size = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: each, depth } = next;
    size += memberBytes + (typeof each === 'string' ? each.length : 0);
    if (typeof each === 'object' && each !== null) {
      if (depth >= deepestItem) return 'too-deep';
      if (Array.isArray(each)) {
        if (each.length * memberBytes > largestItem) return 'too-large';
        for (const entry of each as unknown[]) open.push({ value: entry, depth: depth + 1 });
      } else {
        for (const key in each) {
          size += key.length;
          if (size + open.length * memberBytes > largestItem) return 'too-large';
          open.push({ value: (each as Record<string, unknown>)[key], depth: depth + 1 });
        }
      }
      if (size + open.length * memberBytes > largestItem) return 'too-large';
    }
    if (size > largestItem) return 'too-large';
  }
  return size;
}
