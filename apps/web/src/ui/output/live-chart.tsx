import { lazy, Suspense, type ReactNode } from 'react';
import { arriving } from '../../lib/arriving.ts';
import { cx } from '../class-names.ts';
import type { ChartSeries } from './chart-canvas.tsx';

const ChartCanvas = lazy(async () => ({ default: (await arriving(() => import('./chart-canvas.tsx'))).ChartCanvas }));

interface LiveChartProps {
  title: string;
  /** What it is now, large. */
  now: ReactNode;
  note?: ReactNode;
  /** Epoch milliseconds. */
  times: readonly number[];
  series: readonly ChartSeries[];
  format: (value: number) => string;
  /** How much of the past is shown. */
  spanMs: number;
  /** The least that the whole height stands for. */
  least: number;
}

/** A figure as it is, and how it was lately. */
export function LiveChart({ title, now, note, times, series, format, spanMs, least }: LiveChartProps) {
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border border-line bg-surface px-4 pt-3 pb-2 shadow-rest">
      <header className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-sm font-medium text-ink-2">{title}</h2>
        {note !== undefined && <span className="text-xs text-ink-3">{note}</span>}
      </header>
      <p className="mt-0.5 text-xl font-semibold tabular">{now}</p>
      {series.length > 1 && (
        <ul className="mt-1 flex flex-wrap gap-x-4 text-xs text-ink-2">
          {series.map(({ label, tone, values }) => (
            <li key={label} className="flex items-center gap-1.5">
              <svg aria-hidden viewBox="0 0 14 4" className="h-1 w-3.5">
                <line
                  x1="0"
                  x2="14"
                  y1="2"
                  y2="2"
                  strokeWidth="3"
                  strokeDasharray={tone === 'second' ? '4 2' : undefined}
                  className={cx(tone === 'second' ? 'stroke-warn' : 'stroke-accent')}
                />
              </svg>
              {label}
              <span className="tabular">{format(values.at(-1) ?? 0)}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="mt-2 h-36">
        <Suspense fallback={null}>
          <ChartCanvas times={times} series={series} format={format} spanMs={spanMs} least={least} />
        </Suspense>
      </div>
    </section>
  );
}
