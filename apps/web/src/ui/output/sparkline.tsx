interface SparklineProps {
  values: readonly number[];
  /** A part of each value that is amiss. */
  amiss?: readonly number[];
  /** How many values the whole width holds. */
  slots: number;
  /** The top; the largest value where absent. */
  max?: number;
  className?: string;
}

const width = 72;
const height = 20;

function Line({ points, className }: { points: readonly string[]; className: string }) {
  return (
    <polyline
      points={points.join(' ')}
      fill="none"
      strokeWidth="1.25"
      strokeLinejoin="round"
      vectorEffect="non-scaling-stroke"
      className={className}
    />
  );
}

/** A line of the last values, for beside the figure itself. */
export function Sparkline({ values, amiss, slots, max, className }: SparklineProps) {
  const shown = values.slice(-slots);
  const top = Math.max(max ?? 0, ...shown, Number.MIN_VALUE);
  const step = width / (slots - 1);
  const start = width - (shown.length - 1) * step;
  function pointsOf(line: readonly number[]) {
    return line.map((value, index) => {
      const y = height - 1 - (value / top) * (height - 2);
      return `${(start + index * step).toFixed(1)},${y.toFixed(1)}`;
    });
  }
  const points = pointsOf(shown);
  const [first = '0'] = points[0]?.split(',') ?? [];
  const bad = amiss?.some((value) => value > 0) === true ? pointsOf(amiss.slice(-slots)) : null;
  return (
    <svg aria-hidden viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className={className ?? 'h-5 w-18'}>
      {points.length > 1 && (
        <>
          <polygon points={`${first},${height} ${points.join(' ')} ${width},${height}`} className="fill-accent/12" />
          <Line points={points} className="stroke-accent" />
          {bad && <Line points={bad} className="stroke-bad" />}
        </>
      )}
      {points.length < 2 && (
        <line x1="0" x2={width} y1={height - 1} y2={height - 1} strokeWidth="1" className="stroke-line-strong" />
      )}
    </svg>
  );
}
