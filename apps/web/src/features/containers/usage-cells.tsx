import { useTranslation } from 'react-i18next';
import type { Container } from '../../lib/api-types.ts';
import { bytes, percent } from '../../lib/format.ts';
import { useReadings } from '../../lib/use-readings.ts';
import { Sparkline } from '../../ui/output/sparkline.tsx';

const slots = 40;

/** Nothing where it does not run: its figures are of before. */
export function CpuCell({ container }: { container: Container }) {
  const { i18n } = useTranslation();
  const readings = useReadings(container.id);
  const last = readings.at(-1);
  if (container.status !== 'running') return <span className="text-ink-3">–</span>;
  return (
    <span className="inline-flex items-center justify-end gap-1.5 whitespace-nowrap">
      <Sparkline values={readings.map(({ cpuPercent }) => cpuPercent)} slots={slots} max={2} className="h-5 w-12" />
      <span className="w-11 text-right tabular">{last ? percent(last.cpuPercent / 100, i18n.language) : '…'}</span>
    </span>
  );
}

export function MemoryCell({ container }: { container: Container }) {
  const { i18n } = useTranslation();
  const readings = useReadings(container.id);
  const last = readings.at(-1);
  if (container.status !== 'running') return <span className="text-ink-3">–</span>;
  return (
    <span className="inline-flex items-center justify-end gap-1.5 whitespace-nowrap">
      <Sparkline
        values={readings.map(({ memoryBytes }) => memoryBytes)}
        slots={slots}
        max={2_000_000}
        className="h-5 w-12"
      />
      <span className="w-14 text-right tabular">{last ? bytes(last.memoryBytes, i18n.language) : '…'}</span>
    </span>
  );
}
