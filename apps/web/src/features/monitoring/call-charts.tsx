import { useTranslation } from 'react-i18next';
import { count, duration, percent } from '../../lib/format.ts';
import { bucketsOf, lineOf } from './lines.ts';
import { TimeChart } from './time-chart.tsx';
import type { Metrics } from './use-metrics.ts';

export interface ChartsProps {
  data: Metrics;
  onZoom: (from: number, to: number) => void;
}

/** How many calls there were, and how many of them failed. */
export function CallsChart({ data, onZoom }: ChartsProps) {
  const { t, i18n } = useTranslation();
  const { requests, errors, toolErrors, errorRate } = data.metrics;
  const buckets = bucketsOf(data);
  function format(value: number) {
    return count(value, i18n.language);
  }
  const failed = errors?.summary?.total ?? 0;
  return (
    <TimeChart
      title={t('monitoring.calls')}
      kind="bars"
      sum={
        <>
          {format(requests?.summary?.total ?? 0)}
          {failed > 0 && (
            <span className="ml-2 text-sm font-medium text-bad">
              {t('monitoring.failedShare', {
                failed: format(failed),
                share: percent(errorRate?.summary?.avg ?? 0, i18n.language),
              })}
            </span>
          )}
        </>
      }
      lines={[
        lineOf(buckets, requests, { label: t('monitoring.all'), tone: 'first' }),
        lineOf(buckets, toolErrors, { label: t('monitoring.toolErrors'), tone: 'second' }),
        lineOf(buckets, errors, { label: t('monitoring.errors'), tone: 'bad' }),
      ]}
      least={4}
      {...{ buckets, format, onZoom }}
    />
  );
}

/** How long calls took. */
export function TimesChart({ data, onZoom }: ChartsProps) {
  const { t, i18n } = useTranslation();
  const { responseTime } = data.metrics;
  const buckets = bucketsOf(data);
  function format(ms: number) {
    return duration(ms, i18n.language);
  }
  const p95 = responseTime?.summary?.p95;
  return (
    <TimeChart
      title={t('monitoring.responseTime')}
      kind="lines"
      sum={p95 === undefined ? '–' : t('monitoring.p95Of', { time: format(p95) })}
      lines={[
        lineOf(buckets, responseTime, { label: t('monitoring.half'), tone: 'first' }, ({ p50 }) => p50),
        lineOf(buckets, responseTime, { label: t('monitoring.p95'), tone: 'second' }, (point) => point.p95),
      ]}
      least={10}
      {...{ buckets, format, onZoom }}
    />
  );
}

/** Tokens that models used. */
export function TokensChart({ data, onZoom }: ChartsProps) {
  const { t, i18n } = useTranslation();
  const { tokens } = data.metrics;
  const buckets = bucketsOf(data);
  function format(value: number) {
    return new Intl.NumberFormat(i18n.language, { notation: 'compact' }).format(value);
  }
  return (
    <TimeChart
      title={t('monitoring.tokens')}
      kind="bars"
      sum={count(tokens?.summary?.total ?? 0, i18n.language)}
      lines={[lineOf(buckets, tokens, { label: t('monitoring.tokens'), tone: 'first' })]}
      least={100}
      {...{ buckets, format, onZoom }}
    />
  );
}
