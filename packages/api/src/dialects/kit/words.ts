import { z } from 'zod';

const relative = /^(\d{1,9})(s|m|h|d)$/;
const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const iso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/** A day from its start, or a point in time; UTC where nothing else is said. Null where it is neither. */
function parseMoment(value: string): Date | null {
  const match = iso.exec(value);
  if (!match) return null;
  const date = new Date(value.includes('T') && match[1] === undefined ? `${value}Z` : value);
  // JavaScript takes the 31st of February for a day in March.
  const isReal =
    !Number.isNaN(date.getTime()) &&
    new Date(`${value.slice(0, 10)}T00:00Z`).getUTCDate() === Number(value.slice(8, 10));
  return isReal ? date : null;
}

/** A day (from its start, UTC) or a point in time; text in, Date out. */
export const moment = z
  .string()
  .meta({ description: 'A date (2024-01-31) or a time (2024-01-31T12:00:00Z)' })
  .transform((value, issues) => {
    const date = parseMoment(value);
    if (date) return date;
    issues.addIssue({ code: 'custom', message: 'must be a date (2024-01-31) or a time (2024-01-31T12:00:00Z)' });
    return z.NEVER;
  });

/** Like `moment`, or how long ago: `30s`, `15m`, `1h`, `7d`. */
export const momentOrAgo = z
  .string()
  .meta({ description: 'A time (2024-01-31T12:00:00Z), or how long ago (15m, 1h, 7d)' })
  .transform((value, issues) => {
    const ago = relative.exec(value);
    if (ago) return new Date(Date.now() - Number(ago[1]) * (unitMs[ago[2] ?? 's'] ?? 1000));
    const date = parseMoment(value);
    if (date) return date;
    issues.addIssue({ code: 'custom', message: 'must be a time (2024-01-31T12:00:00Z) or how long ago (15m, 1h, 7d)' });
    return z.NEVER;
  });

/** A word in any case, as it is written in the list. */
function inAnyCase(words: readonly string[], word: string): string {
  return words.find((known) => known.toLowerCase() === word.toLowerCase()) ?? word;
}

/** One of the words, in any case; `others` are more words for some of them. */
export function wordOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  others: Readonly<Record<string, Words[number]>> = {},
) {
  return z
    .string()
    .transform((value) => others[value.toLowerCase()] ?? inAnyCase(words, value))
    .pipe(z.enum(words));
}

/** `a,b` as a list of allowed words, in any case. */
export function wordList<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z
    .string()
    .transform((value) => value.split(',').map((word) => inAnyCase(words, word.trim())))
    .pipe(z.array(z.enum(words)));
}

/** A number of a query: decimal digits and nothing else. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return z
    .string()
    .transform((value, issues) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
      if (number >= least && number <= most) return number;
      const bounds = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
      issues.addIssue({
        code: 'invalid_type',
        expected: 'int',
        message: `must be a whole number of ${bounds}, in decimal digits`,
        input: value,
      });
      return z.NEVER;
    })
    .pipe(z.int().min(least).max(most));
}
