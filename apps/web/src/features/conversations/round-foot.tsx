import { Link } from '@tanstack/react-router';
import { RotateCcw, StepForward } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { duration } from '../../lib/format.ts';
import { tellReason } from '../../lib/reasons.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button, buttonClass, IconButton } from '../../ui/form/button.tsx';
import { textOf, type Part } from '../../ui/rounds/round-parts.ts';
import { UsageLine } from '../../ui/rounds/usage-line.tsx';
import { CopyIcon } from '../../ui/text/copy.tsx';
import type { RoundActions } from './round-actions.ts';
import type { Round } from './types.ts';

interface RoundFootProps {
  round: Round;
  parts: readonly Part[];
  isLast: boolean;
  canWrite: boolean;
  isBusy: boolean;
  actions: RoundActions;
}

function hintFor(code: string) {
  if (code === 'budgetSpent' || code === 'budgetOfKeySpent') return 'conversations.hint.budget';
  if (code === 'noModel') return 'conversations.hint.model';
  if (code === 'answerCut') return 'conversations.hint.cut';
  return 'conversations.hint.provider';
}

/** Why there is no whole answer, and what to do about it. */
function Trouble({ round, isLast, canWrite, isBusy, actions }: Omit<RoundFootProps, 'parts'>) {
  const { t } = useTranslation();
  const { failure, state, canContinue, finish } = round;
  const mayGoOn = canContinue && canWrite && isLast;
  const goOn = mayGoOn && (
    <Button
      size="sm"
      disabled={isBusy}
      icon={<StepForward aria-hidden className="size-3.5" />}
      onClick={() => actions.goOn(round.id)}
    >
      {t('conversations.goOn')}
    </Button>
  );
  if (state === 'failed') {
    const hint = hintFor(failure?.code ?? '');
    return (
      <Callout
        alert={isLast}
        tone="bad"
        title={t('conversations.failed')}
        actions={
          canWrite && (
            <>
              {goOn}
              <Button size="sm" disabled={isBusy} onClick={() => actions.again(round)}>
                {t('common.retry')}
              </Button>
              {hint === 'conversations.hint.budget' && (
                <Link to="/models/budgets" className={buttonClass('ghost', 'sm')}>
                  {t('conversations.seeUse')}
                </Link>
              )}
            </>
          )
        }
      >
        {failure && <p>{tellReason(failure, failure.text, t)}</p>}
        {canWrite && <p>{t(hint)}</p>}
      </Callout>
    );
  }
  const note =
    state === 'cancelled'
      ? t('conversations.stopped')
      : finish === 'length' || finish === 'content_filter' || finish === 'turns' || finish === 'calls'
        ? t(`conversations.finish.${finish}`)
        : null;
  if (note === null) return null;
  return (
    <p className="flex flex-wrap items-center gap-3 text-sm text-ink-3">
      {note}
      {goOn}
    </p>
  );
}

/** What is done with an answer that is there, and what it took. */
export function RoundFoot(props: RoundFootProps) {
  const { round, parts, canWrite, isBusy, actions } = props;
  const { t, i18n } = useTranslation();
  const text = textOf(parts);
  const model = parts.findLast((part) => part.kind === 'answer')?.model ?? round.settings.model;
  const took = round.endedAt === null ? null : Date.parse(round.endedAt) - Date.parse(round.createdAt);
  return (
    <div className="flex flex-col gap-2">
      <Trouble {...props} />
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-3">
        {text !== '' && <CopyIcon text={text} label={t('conversations.copyAnswer')} />}
        {canWrite && (
          <IconButton size="sm" label={t('conversations.again')} disabled={isBusy} onClick={() => actions.again(round)}>
            <RotateCcw aria-hidden className="size-3.5" />
          </IconButton>
        )}
        <span className="break-all">{model}</span>
        {took !== null && <span className="tabular">{duration(took, i18n.language)}</span>}
        <UsageLine of={round} />
        {round.compacted && <span>{t('conversations.compacted')}</span>}
      </div>
    </div>
  );
}
