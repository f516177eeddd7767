import { Activity } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { bytes, count, percent } from '../../lib/format.ts';
import { keptReadings, type Reading } from '../../lib/readings.ts';
import { useFollowedReadings, useReadingsOf } from '../../lib/use-readings.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LiveChart } from '../../ui/output/live-chart.tsx';
import { useContainer } from './container-context.ts';

const spanMs = keptReadings * 1000;

function Charts({ readings }: { readings: readonly Reading[] }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const times = readings.map(({ time }) => time);
  const last = readings.at(-1);
  function size(value: number) {
    return bytes(value, language);
  }
  function rate(value: number) {
    return t('container.perSecond', { size: size(value) });
  }
  function share(value: number) {
    return percent(value / 100, language);
  }
  function of(pick: (reading: Reading) => number) {
    return readings.map(pick);
  }
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <LiveChart
        title={t('container.cpu')}
        now={last ? share(last.cpuPercent) : '…'}
        note={last && t('containers.processes', { count: last.pids, shown: count(last.pids, language) })}
        times={times}
        series={[{ label: t('container.cpu'), values: of(({ cpuPercent }) => cpuPercent) }]}
        format={share}
        spanMs={spanMs}
        least={2}
      />
      <LiveChart
        title={t('container.memory')}
        now={last ? size(last.memoryBytes) : '…'}
        note={last && last.memoryLimitBytes > 0 && t('container.of', { size: size(last.memoryLimitBytes) })}
        times={times}
        series={[{ label: t('container.memory'), values: of(({ memoryBytes }) => memoryBytes) }]}
        format={size}
        spanMs={spanMs}
        least={4_000_000}
      />
      <LiveChart
        title={t('containers.network')}
        now={last ? rate(last.receivedPerSecond + last.sentPerSecond) : '…'}
        times={times}
        series={[
          { label: t('container.received'), values: of(({ receivedPerSecond }) => receivedPerSecond) },
          { label: t('container.sent'), values: of(({ sentPerSecond }) => sentPerSecond), tone: 'second' },
        ]}
        format={rate}
        spanMs={spanMs}
        least={4_000}
      />
      <LiveChart
        title={t('containers.blockIo')}
        now={last ? rate(last.readPerSecond + last.writtenPerSecond) : '…'}
        times={times}
        series={[
          { label: t('containers.read'), values: of(({ readPerSecond }) => readPerSecond) },
          { label: t('containers.written'), values: of(({ writtenPerSecond }) => writtenPerSecond), tone: 'second' },
        ]}
        format={rate}
        spanMs={spanMs}
        least={4_000}
      />
    </div>
  );
}

/** What the container uses, second by second. */
export function StatsTab() {
  const { t } = useTranslation();
  const container = useContainer();
  const engine = useEngineName();
  const running = container.status === 'running';
  const readings = useReadingsOf(useFollowedReadings(engine, [container]), container.id);
  if (!running && readings.length === 0) {
    return (
      <Empty icon={<Activity />} title={t('containers.notRunning')}>
        {t('containers.statsNeed')}
      </Empty>
    );
  }
  return <Charts readings={readings} />;
}
