import { useTranslation } from 'react-i18next';
import { bytes, count, percent } from '../../lib/format.ts';
import type { ChartsProps } from './call-charts.tsx';
import { bucketsOf, lineOf } from './lines.ts';
import { TimeChart } from './time-chart.tsx';
import type { MetricSeries } from './use-metrics.ts';

/** The value of now, else the last that was measured. */
function latestOf(series: MetricSeries | undefined): number {
  return series?.summary?.current ?? series?.points.at(-1)?.value ?? 0;
}

/** What the processor had to do, and what memory was used: of the hub or of a server's programs. */
function ProcessCharts({ data, onZoom, memoryTitle }: ChartsProps & { memoryTitle: string }) {
  const { t, i18n } = useTranslation();
  const { cpu, memory } = data.metrics;
  const buckets = bucketsOf(data);
  function asShare(value: number) {
    return percent(value / 100, i18n.language);
  }
  function asBytes(value: number) {
    return bytes(value, i18n.language);
  }
  return (
    <>
      <TimeChart
        title={t('monitoring.cpu')}
        kind="lines"
        sum={asShare(latestOf(cpu))}
        lines={[
          lineOf(buckets, cpu, { label: t('monitoring.average'), tone: 'first' }),
          lineOf(buckets, cpu, { label: t('monitoring.highest'), tone: 'second' }, ({ max }) => max),
        ]}
        format={asShare}
        least={10}
        {...{ buckets, onZoom }}
      />
      <TimeChart
        title={memoryTitle}
        kind="lines"
        sum={asBytes(latestOf(memory))}
        lines={[lineOf(buckets, memory, { label: t('monitoring.average'), tone: 'first' })]}
        format={asBytes}
        least={1}
        {...{ buckets, onZoom }}
      />
    </>
  );
}

/** What the programs of a server use; nothing where none ran on the hub's machine. */
export function ProgramCharts({ data, onZoom }: ChartsProps) {
  const { t } = useTranslation();
  if ((data.metrics.memory?.points.length ?? 0) === 0) return null;
  return <ProcessCharts data={data} onZoom={onZoom} memoryTitle={t('monitoring.memoryOfPrograms')} />;
}

/** What the hub measures of itself. */
export function HubCharts({ data, onZoom }: ChartsProps) {
  const { t, i18n } = useTranslation();
  const { sessions, instances } = data.metrics;
  const buckets = bucketsOf(data);
  function asNumber(value: number) {
    return count(Math.round(value * 10) / 10, i18n.language);
  }
  return (
    <>
      <ProcessCharts data={data} onZoom={onZoom} memoryTitle={t('monitoring.memory')} />
      <TimeChart
        title={t('monitoring.open')}
        kind="lines"
        sum={`${asNumber(latestOf(sessions))} / ${asNumber(latestOf(instances))}`}
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
