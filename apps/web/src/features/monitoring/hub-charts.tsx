import { useTranslation } from 'react-i18next';
import { bytes, count, percent } from '../../lib/format.ts';
import type { ChartsProps } from './call-charts.tsx';
import { bucketsOf, lineOf } from './lines.ts';
import { TimeChart } from './time-chart.tsx';

/** What the hub measures of itself. */
export function HubCharts({ data, onZoom }: ChartsProps) {
  const { t, i18n } = useTranslation();
  const { cpu, memory, sessions, instances } = data.metrics;
  const buckets = bucketsOf(data);
  const { language } = i18n;
  function asNumber(value: number) {
    return count(Math.round(value * 10) / 10, language);
  }
  function asShare(value: number) {
    return percent(value / 100, language);
  }
  function asBytes(value: number) {
    return bytes(value, language);
  }
  return (
    <>
      <TimeChart
        title={t('monitoring.cpu')}
        kind="lines"
        sum={asShare(cpu?.summary?.current ?? 0)}
        lines={[
          lineOf(buckets, cpu, { label: t('monitoring.average'), tone: 'first' }),
          lineOf(buckets, cpu, { label: t('monitoring.highest'), tone: 'second' }, ({ max }) => max),
        ]}
        format={asShare}
        least={10}
        {...{ buckets, onZoom }}
      />
      <TimeChart
        title={t('monitoring.memory')}
        kind="lines"
        sum={asBytes(memory?.summary?.current ?? 0)}
        lines={[lineOf(buckets, memory, { label: t('monitoring.average'), tone: 'first' })]}
        format={asBytes}
        least={1}
        {...{ buckets, onZoom }}
      />
      <TimeChart
        title={t('monitoring.open')}
        kind="lines"
        sum={`${asNumber(sessions?.summary?.current ?? 0)} / ${asNumber(instances?.summary?.current ?? 0)}`}
        lines={[
          lineOf(buckets, sessions, { label: t('monitoring.sessions'), tone: 'first' }),
          lineOf(buckets, instances, { label: t('monitoring.instances'), tone: 'second' }),
        ]}
        format={asNumber}
        least={2}
        {...{ buckets, onZoom }}
      />
    </>
  );
}
