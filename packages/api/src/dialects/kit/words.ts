import { z } from 'zod';

const relative = /^(\d{1,9})(s|m|h|d)$/;
const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A day (from its start, UTC) or a point in time; text in, Date out. */
export const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], {
    error: 'must be a date (2024-01-31) or a time (2024-01-31T12:00:00Z)',
  })
  .transform(
    (value) => new Date(/[Tt].*([Zz]|[+-]\d\d:?\d\d)$/.test(value) || !value.includes('T') ? value : `${value}Z`),
  );

/** Like `moment`, or how long ago: `30s`, `15m`, `1h`, `7d`. */
export const momentOrAgo = z.string().transform((value, issues) => {
  const ago = relative.exec(value);
  if (ago) return new Date(Date.now() - Number(ago[1]) * (unitMs[ago[2] ?? 's'] ?? 1000));
  const parsed = moment.safeParse(value);
  if (parsed.success && !Number.isNaN(parsed.data.getTime())) return parsed.data;
  issues.addIssue({ code: 'custom', message: 'must be a time (2024-01-31T12:00:00Z) or how long ago (15m, 1h, 7d)' });
  return z.NEVER;
});

/** `a,b` as a list of allowed words. */
export function wordList<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z
    .string()
    .transform((value) => value.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(words)));
}

/** Query input whose `filter[…]` names are all known. */
export function withKnownFilters<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).filter((key) => key.startsWith('filter['));
  return z.looseObject(shape).check((check) => {
    const unknown = Object.keys(check.value).filter((key) => key.startsWith('filter[') && !known.includes(key));
    if (unknown.length === 0) return;
    const message = `There is no ${unknown.join(', ')}; these can be used: ${known.join(', ')}.`;
    check.issues.push({
      code: 'unrecognized_keys',
      keys: unknown,
      input: check.value,
      path: [unknown[0] ?? ''],
      message,
    });
  });
}
