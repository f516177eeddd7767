import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { arriving } from '../../lib/arriving.ts';
import { exactTime } from '../../lib/format.ts';
import { cx } from '../../ui/class-names.ts';
import { isEmpty, type Line } from './lines.ts';

const TimeCanvas = lazy(async () => ({ default: (await arriving(() => import('./time-canvas.tsx'))).TimeCanvas }));

const marks = { first: 'bg-accent', second: 'bg-warn', bad: 'bg-bad' } as const;

interface TimeChartProps {
  title: string;
  /** What all of it comes to, large. */
  sum: ReactNode;
  buckets: readonly number[];
  lines: readonly Line[];
  kind: 'bars' | 'lines';
  format: (value: number) => string;
  least: number;
  onZoom: (from: number, to: number) => void;
}

/** A figure over time, and under the pointer that of one moment. */
export function TimeChart({ title, sum, buckets, lines, kind, format, least, onZoom }: TimeChartProps) {
  const { t, i18n } = useTranslation();
  const [over, setOver] = useState<number | null>(null);
  const at = over === null ? undefined : buckets[over];
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border border-line bg-surface px-4 pt-3 pb-2 shadow-rest">
      <header className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-sm font-medium text-ink-2">{title}</h2>
        <span className="h-4 text-xs text-ink-3 tabular">{at !== undefined && exactTime(at, i18n.language)}</span>
      </header>
      <p className="mt-0.5 text-xl font-semibold tabular">{sum}</p>
      <ul className="mt-1 flex min-h-4 flex-wrap gap-x-4 text-xs text-ink-2">
        {lines.map(({ label, tone, values }) => {
          const value = over === null ? undefined : values[over];
          return (
            <li key={label} className="flex items-center gap-1.5">
              <span aria-hidden className={cx('h-1 w-3.5 rounded-full', marks[tone])} />
              {label}
              {over !== null && <span className="tabular">{value == null ? '–' : format(value)}</span>}
            </li>
          );
        })}
      </ul>
      <div className="mt-2 h-36">
        {isEmpty(lines) ? (
          <p className="grid h-full place-items-center text-sm text-ink-3">{t('monitoring.nothing')}</p>
        ) : (
          <Suspense fallback={null}>
            <TimeCanvas {...{ buckets, lines, kind, format, least, onZoom }} locale={i18n.language} onHover={setOver} />
          </Suspense>
        )}
      </div>
    </section>
  );
}
