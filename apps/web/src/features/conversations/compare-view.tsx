import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/class-names.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button } from '../../ui/form/button.tsx';
import type { RoundActions } from './round-actions.ts';
import { RoundAnswer } from './round-answer.tsx';
import { SaidView } from './said-view.tsx';
import type { Round } from './types.ts';

interface CompareViewProps {
  /** The one that the conversation goes on from. */
  chosen: Round;
  beside: readonly Round[];
  canWrite: boolean;
  isBusy: boolean;
  actions: RoundActions;
}

interface ColumnProps extends Omit<CompareViewProps, 'chosen' | 'beside'> {
  round: Round;
  isChosen: boolean;
}

function Column({ round, isChosen, canWrite, isBusy, actions }: ColumnProps) {
  const { t } = useTranslation();
  const { model } = round.settings;
  return (
    <section
      role="group"
      aria-label={t('conversations.compare.of', { model })}
      className={cx(
        'flex min-w-0 flex-col gap-4 rounded-lg border bg-surface p-3 sm:p-4',
        isChosen ? 'border-accent' : 'border-line',
      )}
    >
      <header className="flex min-h-8 flex-wrap items-center justify-between gap-2">
        <span className="min-w-0 font-semibold break-all">{model}</span>
        {isChosen ? (
          <Badge tone="accent">{t('conversations.compare.chosen')}</Badge>
        ) : (
          canWrite && (
            <Button
              size="sm"
              disabled={isBusy}
              icon={<Check aria-hidden className="size-3.5" />}
              onClick={() => actions.select(round.id)}
            >
              {t('conversations.compare.choose')}
            </Button>
          )
        )}
      </header>
      <RoundAnswer round={round} isLast canWrite={canWrite} isBusy={isBusy} actions={actions} isSilent={!isChosen} />
    </section>
  );
}

/** What two models answer to the same, side by side where there is room. */
export function CompareView({ chosen, beside, ...rest }: CompareViewProps) {
  const { t } = useTranslation();
  const columns = [chosen, ...beside].toSorted((a, b) => chosen.siblings.indexOf(a.id) - chosen.siblings.indexOf(b.id));
  return (
    <article
      aria-label={t('conversations.roundOf', { text: chosen.content.slice(0, 60) })}
      className="flex w-full flex-col gap-4 self-center @4xl:w-[min(72rem,calc(100cqw-3rem))]"
    >
      <SaidView round={chosen} {...rest} />
      <div className="grid gap-4 @2xl:grid-cols-2">
        {columns.map((round) => (
          <Column key={round.id} round={round} isChosen={round === chosen} {...rest} />
        ))}
      </div>
    </article>
  );
}
