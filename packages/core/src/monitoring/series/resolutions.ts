/** Minutes of the buckets that are kept; each is made of the one before. */
export const resolutions = [1, 5, 60, 1_440] as const;
export type Resolution = (typeof resolutions)[number];

export const minuteMs = 60_000;
const hourMinutes = 60;
const dayMinutes = 1_440;

/** Points of one answer at most. */
export const mostPoints = 1_500;

/**
 * Days that buckets are kept: minutes and five minutes for the last day, which the page shows so, hours for the last two
 * months, days for two years. Fine buckets are most of the rows.
 */
const keptDays: Readonly<Record<Resolution, number>> = { 1: 1, 5: 2, 60: 62, 1440: 732 };

/** The first minute of which buckets are kept: where a coarser bucket begins too, so that none is cut. */
export function keptFrom(resolution: Resolution, now: number): number {
  const minute = Math.floor(now / minuteMs) - keptDays[resolution] * dayMinutes;
  const whole = Math.max(hourMinutes, coarserOf(resolution));
  return minute - (((minute % whole) + whole) % whole);
}

/** The resolution from which buckets are summed. */
export function finerOf(resolution: Resolution): Resolution {
  return resolutions[resolutions.indexOf(resolution) - 1] ?? 1;
}

/** The next coarser ones; the coarsest stay. */
export function coarserOf(resolution: Resolution): Resolution {
  return resolutions[resolutions.indexOf(resolution) + 1] ?? resolution;
}
