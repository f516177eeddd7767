import { useTranslation } from 'react-i18next';
import { outcomeOf, type Run } from '../../lib/calls/run-state.ts';
import { cx } from '../../ui/class-names.ts';
import { Status } from '../../ui/feedback/status.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Duration, Time } from '../../ui/text/time.tsx';
import { outcomeLooks } from './run-panel.tsx';

interface RunHistoryProps {
  runs: readonly Run[];
  shown: string | undefined;
  onShow: (run: Run) => void;
  onClear: () => void;
}

/** The calls made in this tab, newest first. */
export function RunHistory({ runs, shown, onShow, onClear }: RunHistoryProps) {
  const { t } = useTranslation();
  if (runs.length === 0) return null;
  return (
    <Card
      flush
      title={t('playground.history')}
      actions={
        <Button size="sm" look="ghost" onClick={onClear}>
          {t('playground.clearHistory')}
        </Button>
      }
    >
      <ul className="max-h-80 overflow-y-auto scroll-thin">
        {runs.map((run) => {
          const word = outcomeOf(run);
          return (
            <li key={run.key} className="border-b border-line last:border-0">
              <button
                type="button"
                aria-current={run.key === shown || undefined}
                onClick={() => onShow(run)}
                className={cx(
                  'flex w-full items-center gap-3 px-4 py-2 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2',
                  run.key === shown && 'bg-accent-soft',
                )}
              >
                <Status {...outcomeLooks[word]} label={t(`outcome.${word}`)} />
                <code className="min-w-0 flex-1 truncate font-mono">
                  {run.request.serverId} · {run.request.name}
                </code>
                {run.outcome.kind !== 'running' && (
                  <span className="text-ink-3">
                    <Duration ms={run.outcome.durationMs} />
                  </span>
                )}
                <span className="text-ink-3 max-sm:hidden">
                  <Time value={run.startedAt} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
