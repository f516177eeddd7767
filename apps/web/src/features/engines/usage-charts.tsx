import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { bytes, percent } from '../../lib/format.ts';
import { useTRPCClient } from '../../lib/trpc.ts';
import { useStream } from '../../lib/use-stream.ts';
import { LiveChart } from '../../ui/output/live-chart.tsx';

interface Usage {
  cpuPercent: number;
  memoryBytes: number;
  networkReceivedBytes: number;
  networkSentBytes: number;
  containers: number;
}

interface Point {
  time: number;
  usage: Usage;
  received: number;
  sent: number;
}

const kept = 90;
const spanMs = 180_000;

function withPoint(points: readonly Point[], usage: Usage, time: number): Point[] {
  const before = points.at(-1);
  const seconds = before ? (time - before.time) / 1000 : 0;
  function rate(of: (each: Usage) => number) {
    return before && seconds > 0 ? Math.max(0, of(usage) - of(before.usage)) / seconds : 0;
  }
  const point = {
    time,
    usage,
    received: rate((each) => each.networkReceivedBytes),
    sent: rate((each) => each.networkSentBytes),
  };
  return [...points, point].slice(-kept);
}

/** What all running containers of the engine use together. */
export function UsageCharts({ cpus, memoryBytes }: { cpus: number; memoryBytes: number }) {
  const { t, i18n } = useTranslation();
  const api = useTRPCClient();
  const engine = useEngineName();
  const [points, setPoints] = useState<Point[]>([]);
  useStream<Usage>({
    key: engine ?? '',
    open: (on) => api.engines.usage.subscribe({ engine }, on),
    onStart: () => setPoints([]),
    onItems: (items) => setPoints((old) => items.reduce((all, usage) => withPoint(all, usage, Date.now()), old)),
  });
  // The first one has nothing to be compared with: it would show as no use at all.
  const shown = points.slice(1);
  const last = shown.at(-1);
  const times = shown.map(({ time }) => time);
  function size(value: number) {
    return bytes(value, i18n.language);
  }
  function rate(value: number) {
    return t('container.perSecond', { size: size(value) });
  }
  function share(value: number) {
    return percent(value / 100, i18n.language);
  }
  return (
    <div className="grid gap-3 lg:grid-cols-3">
      <LiveChart
        title={t('engines.cpuOfAll')}
        now={last ? share(last.usage.cpuPercent / cpus) : '…'}
        note={t('engines.ofProcessors', { count: cpus })}
        times={times}
        series={[{ label: t('container.cpu'), values: shown.map(({ usage }) => usage.cpuPercent / cpus) }]}
        format={share}
        spanMs={spanMs}
        least={2}
      />
      <LiveChart
        title={t('engines.memoryOfAll')}
        now={last ? size(last.usage.memoryBytes) : '…'}
        note={t('container.of', { size: size(memoryBytes) })}
        times={times}
        series={[{ label: t('container.memory'), values: shown.map(({ usage }) => usage.memoryBytes) }]}
        format={size}
        spanMs={spanMs}
        least={4_000_000}
      />
      <LiveChart
        title={t('engines.networkOfAll')}
        now={last ? rate(last.received + last.sent) : '…'}
        times={times}
        series={[
          { label: t('container.received'), values: shown.map(({ received }) => received) },
          { label: t('container.sent'), values: shown.map(({ sent }) => sent), tone: 'second' },
        ]}
        format={rate}
        spanMs={spanMs}
        least={4_000}
      />
    </div>
  );
}
