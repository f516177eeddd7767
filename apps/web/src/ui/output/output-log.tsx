import { ArrowDownToLine, ScrollText } from 'lucide-react';
import { memo, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputLine } from '../../lib/output-lines.ts';
import { cx } from '../class-names.ts';
import { Empty } from '../feedback/empty.tsx';
import { Skeleton } from '../feedback/skeleton.tsx';
import { Button } from '../form/button.tsx';
import { ScrollRegion } from '../layout/scroll-region.tsx';

const Line = memo(function Line({ line, times }: { line: OutputLine; times: boolean }) {
  return (
    <div className="flex gap-x-3 px-4 py-px font-mono text-xs/5 [contain-intrinsic-size:auto_1.25rem] [content-visibility:auto] hover:bg-hover">
      {times && (
        <time dateTime={line.time ?? undefined} className="shrink-0 text-ink-3 tabular">
          {line.clock}
        </time>
      )}
      {line.source !== null && <span className="w-28 shrink-0 truncate text-accent-text">{line.source}</span>}
      <span className={cx('min-w-0 break-words whitespace-pre-wrap', line.stream === 'stderr' && 'text-warn')}>
        {line.stream === 'stderr' && <span className="sr-only">stderr: </span>}
        {line.text}
      </span>
    </div>
  );
});

interface OutputLogProps {
  label: string;
  lines: readonly OutputLine[];
  loading: boolean;
  times: boolean;
  /** Why nothing more comes. */
  failure: string | null;
  /** Filters and actions above the lines. */
  bar: ReactNode;
  empty: { title: string; hint?: string };
}

/** What containers write, as they write it. Scrolling up stops following; the button goes back to the end. */
export function OutputLog({ label, lines, loading, times, failure, bar, empty }: OutputLogProps) {
  const { t } = useTranslation();
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  return (
    <section aria-label={label} className="overflow-hidden rounded-lg border border-line bg-surface shadow-rest">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">{bar}</div>
      {failure !== null && (
        <p role="alert" className="border-b border-line bg-bad-soft px-4 py-2 text-sm break-words">
          <span className="font-medium">{t('logs.failed')}.</span> {failure}
        </p>
      )}
      <div className="relative">
        <ScrollRegion
          ref={box}
          role="log"
          label={label}
          onScroll={() => {
            const element = box.current;
            if (element) setFollow(element.scrollHeight - element.scrollTop - element.clientHeight < 24);
          }}
          className="h-[min(36rem,60dvh)] py-2"
        >
          {loading &&
            lines.length === 0 &&
            Array.from({ length: 8 }, (_, index) => <Skeleton key={index} className="mx-4 my-1.5 h-3 w-2/3" />)}
          {!loading && failure === null && lines.length === 0 && (
            <Empty icon={<ScrollText />} title={empty.title}>
              {empty.hint}
            </Empty>
          )}
          {lines.map((line) => (
            <Line key={line.seq} line={line} times={times} />
          ))}
        </ScrollRegion>
        {!follow && lines.length > 0 && (
          <Button
            size="sm"
            className="absolute right-4 bottom-3 shadow-lift"
            icon={<ArrowDownToLine aria-hidden className="size-3.5" />}
            onClick={() => setFollow(true)}
          >
            {t('logs.follow')}
          </Button>
        )}
      </div>
    </section>
  );
}
