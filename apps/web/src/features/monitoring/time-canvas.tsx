import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Line } from './lines.ts';

export interface TimeCanvasProps {
  /** Epoch milliseconds where each bucket begins. */
  buckets: readonly number[];
  lines: readonly Line[];
  kind: 'bars' | 'lines';
  format: (value: number) => string;
  /** The least that the whole height stands for. */
  least: number;
  /** Of the language of the page. */
  locale: string;
  /** Which bucket the pointer is over. */
  onHover: (index: number | null) => void;
  /** Somebody drew over a part. */
  onZoom: (from: number, to: number) => void;
}

const colours = { first: '--accent', second: '--warn', bad: '--bad' } as const;
const dayMs = 86_400_000;
const mostDots = 60;
/** Steps of an axis that counts whole things. */
const wholeSteps = Array.from({ length: 10 }, (_, n) => [1, 2, 5].map((step) => step * 10 ** n)).flat();

function colourOf(name: string) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Charts of one page follow one pointer. */
const together = 'monitoring';

function clockOf(buckets: readonly number[], locale: string) {
  const length = (buckets.at(-1) ?? 0) - (buckets[0] ?? 0);
  return new Intl.DateTimeFormat(
    locale,
    length > dayMs ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  );
}

/** Few enough for each to have a dot: one alone would not be seen. */
function isFew(values: Line['values']): boolean {
  return values.filter((value) => value !== null).length <= mostDots;
}

function seriesOf({ lines, kind }: TimeCanvasProps): uPlot.Series[] {
  const { bars } = uPlot.paths;
  return lines.map(({ label, tone, values }) => {
    const colour = colourOf(colours[tone]);
    if (kind === 'bars' && bars) {
      return {
        label,
        stroke: colour,
        fill: colour,
        width: 0,
        points: { show: false },
        paths: bars({ size: [0.7, 24] }),
      };
    }
    return {
      label,
      stroke: colour,
      width: 1.5,
      points: isFew(values) ? { show: true, size: 4, fill: colour } : { size: 4, fill: colour },
      ...(tone === 'second' && { dash: [5, 3] }),
    };
  });
}

function optionsOf(size: { width: number; height: number }, latest: () => TimeCanvasProps): uPlot.Options {
  const { buckets, format, kind, least, locale } = latest();
  const axis = { stroke: colourOf('--ink-3'), font: '11px system-ui, sans-serif', ticks: { show: false } };
  const clock = clockOf(buckets, locale);
  return {
    ...size,
    legend: { show: false },
    padding: [8, 16, 0, 0],
    cursor: {
      sync: { key: together },
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
    },
    hooks: {
      setCursor: [({ cursor }) => latest().onHover(cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          latest().onZoom(Math.round(from * 1000), Math.round(to * 1000));
        },
      ],
    },
    scales: {
      x: { time: true, range: (_plot, min, max) => [min, max + (max - min) / 100] },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.15, least)] },
    },
    axes: [
      {
        ...axis,
        space: 70,
        size: 26,
        gap: 6,
        grid: { show: false },
        values: (_plot, at) => at.map((s) => clock.format(s * 1000)),
      },
      {
        ...axis,
        ...(kind === 'bars' && { incrs: wholeSteps }),
        space: 30,
        size: 58,
        grid: { stroke: colourOf('--line'), width: 1 },
        values: (_plot, at) => at.map(format),
      },
    ],
    series: [{}, ...seriesOf(latest())],
  };
}

function dataOf({ buckets, lines }: TimeCanvasProps): uPlot.AlignedData {
  return [buckets.map((at) => at / 1000), ...lines.map(({ values }) => values)];
}

/** Buckets over time on a canvas, which a pointer reads and zooms; what they say stands beside it in words. */
export function TimeCanvas(props: TimeCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
    plot.current?.setData(dataOf(props));
  });
  const { buckets, lines, locale } = props;
  const shape = [
    locale,
    (buckets[1] ?? 0) - (buckets[0] ?? 0),
    buckets.length > 1_440,
    ...lines.map(({ label }) => label),
  ].join('\n');
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    function draw(into: HTMLElement) {
      plot.current?.destroy();
      const size = { width: into.clientWidth, height: into.clientHeight };
      plot.current = new uPlot(
        optionsOf(size, () => latest.current),
        dataOf(latest.current),
        into,
      );
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
