import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { RoundAnswer, type RoundAnswerProps } from './round-answer.tsx';
import { SaidView } from './said-view.tsx';

/** What a person said, and what came of it. */
export const RoundView = memo(function RoundView(props: Omit<RoundAnswerProps, 'isSilent'>) {
  const { round, canWrite, isBusy, actions } = props;
  const { t } = useTranslation();
  return (
    <article
      aria-label={t('conversations.roundOf', { text: round.content.slice(0, 60) })}
      className="flex flex-col gap-4 [contain-intrinsic-size:auto_14rem] [content-visibility:auto]"
    >
      <SaidView round={round} canWrite={canWrite} isBusy={isBusy} actions={actions} />
      <RoundAnswer {...props} />
    </article>
  );
});
