import { z } from 'zod';

const minuteMs = 60_000;
const spanMs = {
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '24h': 1_440 * minuteMs,
  '7d': 10_080 * minuteMs,
  '30d': 43_200 * minuteMs,
} as const;

export type Span = keyof typeof spanMs | 'yesterday' | 'own';

/** A moment as its field has it, in the zone of whoever looks: `2026-11-28T09:30`. */
const LocalMoment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)
  .optional()
  .catch(undefined);

/** What an address carries of a time filter with these spans. */
export function timeSearch<const Spans extends readonly Span[]>(spans: Spans) {
  return {
    span: z.enum(spans).optional().catch(undefined),
    from: LocalMoment,
    to: LocalMoment,
  };
}

interface Chosen {
  span?: Span | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export interface TimeRange {
  since?: string;
  until?: string;
}

function isoOf(local: string | undefined): string | undefined {
  const time = local === undefined ? Number.NaN : new Date(local).getTime();
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** The moments a choice stands for, in ISO form; `now` in epoch milliseconds. Days begin and end where one looks from. */
export function rangeOf({ span, from, to }: Chosen, now: number): TimeRange {
  if (span === undefined) return {};
  if (span === 'own') {
    const [since, until] = [isoOf(from), isoOf(to)];
    return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
  }
  if (span === 'yesterday') {
    const day = new Date(now);
    function startOf(ago: number) {
      return new Date(day.getFullYear(), day.getMonth(), day.getDate() - ago).toISOString();
    }
    return { since: startOf(1), until: startOf(0) };
  }
  return { since: new Date(now - spanMs[span]).toISOString() };
}

function localOf(time: number): string {
  const at = new Date(time - new Date(time).getTimezoneOffset() * minuteMs);
  return at.toISOString().slice(0, 16);
}

/** The whole minutes around two moments, as a choice of one's own. */
export function minutesAround(from: number, to: number): { span: 'own'; from: string; to: string } {
  return { span: 'own', from: localOf(from - minuteMs), to: localOf(to + 2 * minuteMs) };
}
