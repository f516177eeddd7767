import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartSeries {
  label: string;
  values: readonly number[];
  tone?: 'first' | 'second';
}

interface ChartCanvasProps {
  times: readonly number[];
  series: readonly ChartSeries[];
  format: (value: number) => string;
  /** How much of the past is shown at most. */
  spanMs: number;
  /** The top is at least this: small noise is not drawn as mountains. */
  least: number;
}

function colourOf(name: string) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function optionsOf(size: { width: number; height: number }, { series, format, spanMs, least }: ChartCanvasProps) {
  const quiet = colourOf('--ink-3');
  const line = colourOf('--line');
  const axis = { stroke: quiet, font: '11px system-ui, sans-serif', ticks: { show: false } };
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const options: uPlot.Options = {
    ...size,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 20, 0, 0],
    scales: {
      x: { time: true, range: (_plot, min, max) => [max - Math.min(spanMs / 1000, Math.max(30, max - min)), max] },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.15, least)] },
    },
    axes: [
      {
        ...axis,
        space: 80,
        size: 28,
        gap: 8,
        grid: { show: false },
        values: (_plot, at) => at.map((s) => clock.format(s * 1000)),
      },
      { ...axis, space: 34, size: 62, grid: { stroke: line, width: 1 }, values: (_plot, at) => at.map(format) },
    ],
    series: [
      {},
      ...series.map(({ label, tone }): uPlot.Series => {
        const colour = colourOf(tone === 'second' ? '--warn' : '--accent');
        return {
          label,
          stroke: colour,
          width: 1.5,
          points: { show: false },
          ...(tone === 'second' ? { dash: [5, 3] } : { fill: `${colour}1f` }),
        };
      }),
    ],
  };
  return options;
}

function dataOf({ times, series }: ChartCanvasProps): uPlot.AlignedData {
  return [times.map((time) => time / 1000), ...series.map(({ values }) => [...values])];
}

/** Lines over time on a canvas; what they say stands beside it in words. */
export function ChartCanvas(props: ChartCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
    plot.current?.setData(dataOf(props));
  });
  const shape = props.series.map(({ label }) => label).join('\n');
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    function draw(into: HTMLElement) {
      plot.current?.destroy();
      const size = { width: into.clientWidth, height: into.clientHeight };
      plot.current = new uPlot(optionsOf(size, latest.current), dataOf(latest.current), into);
    }
    draw(element);
    const resized = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    resized.observe(element);
    // A canvas does not follow the theme by itself.
    const themed = new MutationObserver(() => draw(element));
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- drawn anew where other lines are shown
  }, [shape]);
  return <div ref={box} aria-hidden className="h-full w-full overflow-hidden" />;
}
