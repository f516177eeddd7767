import { useTranslation } from 'react-i18next';
import { useNow } from '../../lib/clock.ts';
import { duration, exactTime, relativeTime } from '../../lib/format.ts';
import { Tooltip } from '../layout/tooltip.tsx';

type Moment = number | string | Date | null | undefined;

function toEpoch(value: Moment): number | null {
  if (value === null || value === undefined) return null;
  const epoch = typeof value === 'number' ? value : new Date(value).getTime();
  return Number.isNaN(epoch) ? null : epoch;
}

/** A relative time; the exact one is in the tooltip and in the markup. */
export function Time({ value, none = '–' }: { value: Moment; none?: string }) {
  const { i18n } = useTranslation();
  const epoch = toEpoch(value);
  const coarse = useNow(30_000);
  const recent = epoch !== null && Math.abs(coarse - epoch) < 120_000;
  const now = useNow(recent ? 1000 : 30_000);
  if (epoch === null) return <span className="text-ink-3">{none}</span>;
  return (
    <Tooltip text={exactTime(epoch, i18n.language)}>
      <time dateTime={new Date(epoch).toISOString()} className="tabular whitespace-nowrap">
        {relativeTime(epoch, now, i18n.language)}
      </time>
    </Tooltip>
  );
}

/** The time left until a moment, counted down each second. */
export function Countdown({ until }: { until: Moment }) {
  const { i18n } = useTranslation();
  const now = useNow();
  const epoch = toEpoch(until);
  if (epoch === null) return null;
  return (
    <span className="tabular">{duration(Math.max(0, Math.ceil((epoch - now) / 1000) * 1000), i18n.language)}</span>
  );
}

/** The time since a moment, counted up. */
export function Elapsed({ since }: { since: Moment }) {
  const { i18n } = useTranslation();
  const now = useNow();
  const epoch = toEpoch(since);
  if (epoch === null) return <span className="text-ink-3">–</span>;
  const text = duration(Math.max(1000, Math.floor((now - epoch) / 1000) * 1000), i18n.language);
  return (
    <Tooltip text={exactTime(epoch, i18n.language)}>
      <span className="tabular">{text}</span>
    </Tooltip>
  );
}

export function Duration({ ms }: { ms: number | null | undefined }) {
  const { i18n } = useTranslation();
  if (ms === null || ms === undefined) return <span className="text-ink-3">–</span>;
  return <span className="tabular whitespace-nowrap">{duration(ms, i18n.language)}</span>;
}
