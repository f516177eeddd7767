import { X } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes, count } from '../../lib/format.ts';
import { tellReason } from '../../lib/reasons.ts';
import { shareOf, type Layer, type RunState } from '../../lib/run-state.ts';
import { cx } from '../class-names.ts';
import { Status } from '../feedback/status.tsx';
import { Button } from '../form/button.tsx';
import { ScrollRegion } from '../layout/scroll-region.tsx';

function LayerRow({ layer }: { layer: Layer }) {
  const { i18n } = useTranslation();
  const share = shareOf(layer);
  return (
    <li className="grid grid-cols-[7rem_minmax(0,1fr)_auto] items-center gap-3 py-1 text-xs max-sm:grid-cols-[minmax(0,1fr)_auto]">
      <code className="font-mono text-ink-2">{layer.id}</code>
      <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken max-sm:order-last max-sm:col-span-2">
        <svg viewBox="0 0 100 4" preserveAspectRatio="none" className="block h-full w-full">
          <rect width={(share ?? 0) * 100} height="4" className={layer.done ? 'fill-ok' : 'fill-accent'} />
        </svg>
      </span>
      <span className="text-right text-ink-3 tabular sm:w-44">
        {layer.status}
        {!layer.done && layer.current !== null && layer.total !== null && (
          <>
            {' '}
            {bytes(layer.current, i18n.language)} / {bytes(layer.total, i18n.language)}
          </>
        )}
      </span>
    </li>
  );
}

function Outcome({ run, lost }: { run: RunState; lost: string | null }) {
  const { t } = useTranslation();
  const outcome = run.end?.outcome ?? 'running';
  if (lost !== null && !run.end) return <Status shape="triangle" tone="warn" label={t('run.lost')} />;
  if (outcome === 'ok') return <Status shape="disc" tone="ok" label={t('run.ok')} />;
  if (outcome === 'failed') return <Status shape="diamond" tone="bad" label={t('run.failed')} />;
  if (outcome === 'cancelled') return <Status shape="square" tone="idle" label={t('run.cancelled')} />;
  if (outcome === 'interrupted') return <Status shape="square" tone="idle" label={t('run.interrupted')} />;
  return <Status shape="half" tone="accent" label={t('run.running')} />;
}

interface RunOutputProps {
  title: string;
  run: RunState & { lost: string | null; cancel: () => void };
  className?: string;
}

/** What something that takes its time tells while it goes: layers with how far they are, and its words. */
export function RunOutput({ title, run, className }: RunOutputProps) {
  const { t, i18n } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const stick = useRef(true);
  useLayoutEffect(() => {
    if (stick.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  return (
    <section aria-label={title} className={cx('overflow-hidden rounded-lg border border-line bg-surface', className)}>
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-1.5">
        <span className="flex min-w-0 flex-wrap items-center gap-x-3">
          <span className="truncate font-medium">{title}</span>
          <span role="status" className="text-sm">
            <Outcome run={run} lost={run.lost} />
          </span>
          {run.layers.length > 0 && (
            <span className="text-sm text-ink-3 tabular">
              {t('run.layers', { done: count(run.layersDone, i18n.language), count: run.layers.length })}
            </span>
          )}
        </span>
        {run.end === null && (
          <Button size="sm" icon={<X aria-hidden className="size-3.5" />} onClick={run.cancel}>
            {t('run.giveUp')}
          </Button>
        )}
      </header>
      {run.end?.message !== null && run.end?.message !== undefined && (
        <p role="alert" className="border-b border-line bg-bad-soft px-4 py-2 text-sm break-words">
          {tellReason(run.end.reason, run.end.message, t)}
        </p>
      )}
      {run.layers.length > 0 && (
        <ScrollRegion label={t('run.layersOf', { name: title })} className="max-h-56 px-4 py-2">
          <ul>
            {run.layers.map((layer) => (
              <LayerRow key={layer.id} layer={layer} />
            ))}
          </ul>
        </ScrollRegion>
      )}
      {run.missed > 0 && (
        <p className="border-b border-line px-4 py-2 text-sm text-ink-3">
          {t('run.missed', { count: run.missed, shown: count(run.missed, i18n.language) })}
        </p>
      )}
      {run.layers.length === 0 && run.lines.length === 0 && !run.end?.message && (
        <p className="px-4 py-3 text-sm text-ink-3">{run.status ?? t(run.end ? 'run.nothing' : 'run.waiting')}</p>
      )}
      {run.lines.length > 0 && (
        <ScrollRegion
          ref={box}
          role="log"
          label={t('run.outputOf', { name: title })}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            stick.current = scrollHeight - scrollTop - clientHeight < 24;
          }}
          className="max-h-72 bg-sunken px-4 py-2 font-mono text-xs/5"
        >
          {run.lines.map(({ seq, text }) => (
            <p key={seq} className="break-words whitespace-pre-wrap">
              {text}
            </p>
          ))}
        </ScrollRegion>
      )}
    </section>
  );
}
