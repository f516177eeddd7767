import { sql } from 'drizzle-orm';

/**
 * The counts in a row of the series. Each number is stored with its slot in its highest bits, so zeros take no room and
 * numbers of any two rows can be added.
 */
export const slots = {
  /** Microseconds of all calls together. */
  callUs: 0,
  /** Calls of other methods than tools/call. */
  otherCalls: 1,
  errors: 2,
  toolErrors: 3,
  tokensIn: 4,
  tokensOut: 5,
  /** Of models. */
  turns: 6,
  turnErrors: 7,
} as const;

/** The first slot of the histogram: how many calls took so long. All of its slots together are the calls. */
export const firstStep = 32;
const stepCount = 80;
const firstBoundMs = 0.25;
/** Steps in which a duration doubles. */
const stepsADoubling = 3;

/** Bits of a number without its slot. */
const bits = sql.raw('55');
const mask = sql.raw(String(2n ** 55n - 1n));

/** The step of the histogram for a duration, as SQL; the same for stored rows and for direct reads. */
export const stepOf = sql.raw(
  `least(greatest(floor(ln(greatest(duration_ms, ${firstBoundMs}) / ${firstBoundMs}) / ln(2) * ${stepsADoubling}), 0),` +
    ` ${stepCount - 1})::integer + ${firstStep}`,
);

/** A number with its slot, as a row holds it, of the columns `slot` and `n`. */
export const packed = sql`(slot::bigint << ${bits} | n)`;
/** The two parts of `c`, which a row holds. */
export const slotOf = sql`(c >> ${bits})::integer`;
export const numberOf = sql`(c & ${mask})`;

function boundOf(step: number): number {
  return firstBoundMs * 2 ** (step / stepsADoubling);
}

/** Numbers of a bucket by slot. */
export type Counts = ReadonlyMap<number, number>;

/** How many calls are counted. */
export function callsOf(counts: Counts): number {
  let calls = 0;
  for (const [slot, n] of counts) if (slot >= firstStep) calls += n;
  return calls;
}

/**
 * Durations below which so many of the calls lie, in milliseconds; null where there were none. Steps are a quarter wide:
 * a percentile is at most an eighth beside the true one.
 */
export function percentileOf(counts: Counts, rank: number): number | null {
  const steps = [...counts].filter(([slot, n]) => slot >= firstStep && n > 0).toSorted(([a], [b]) => a - b);
  const calls = steps.reduce((sum, [, n]) => sum + n, 0);
  if (calls === 0) return null;
  const wanted = Math.max(1, Math.ceil(rank * calls));
  let passed = 0;
  for (const [slot, n] of steps) {
    if (passed + n >= wanted) {
      const step = slot - firstStep;
      // Calls are taken to lie evenly within their step.
      const share = (wanted - passed - 0.5) / n;
      return boundOf(step) + (boundOf(step + 1) - boundOf(step)) * share;
    }
    passed += n;
  }
  return null;
}

/** Adds numbers to others. */
export function addCounts(to: Map<number, number>, more: Counts): void {
  for (const [slot, n] of more) to.set(slot, (to.get(slot) ?? 0) + n);
}
