import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Status } from '../../ui/status.tsx';
import { AnswerView } from './answer-view.tsx';
import type { RoundActions } from './round-actions.ts';
import { RoundFoot } from './round-foot.tsx';
import { partsOf } from './round-parts.ts';
import { Speaker } from './speaker.tsx';
import { ToolCard } from './tool-card.tsx';
import type { Round } from './types.ts';
import { isGoing } from './use-chat.ts';
import { useFollowed } from './use-followed.ts';

export interface RoundAnswerProps {
  round: Round;
  isLast: boolean;
  canWrite: boolean;
  isBusy: boolean;
  actions: RoundActions;
  /** Not spoken: what stands beside it is. */
  isSilent?: boolean;
}

/** What came of what a person said. */
export function RoundAnswer({ round, isLast, canWrite, isBusy, actions, isSilent = false }: RoundAnswerProps) {
  const { t } = useTranslation();
  const live = useFollowed(isLast ? round : null);
  const going = isGoing(round) && (live?.end ?? null) === null;
  // It is spoken to its end by whoever heard it begin.
  const [heard, setHeard] = useState(going);
  if (going && !heard) setHeard(true);
  const parts = partsOf(round, live);
  const last = parts.at(-1);
  const waits = going && (last === undefined || (last.kind === 'answer' && last.streaming && last.text === ''));
  const loose =
    live?.asks.filter(
      ({ question }) => !parts.some((part) => part.kind === 'call' && part.call.id === question.callId),
    ) ?? [];
  return (
    <>
      {parts.map((part) =>
        part.kind === 'answer' ? (
          <AnswerView key={part.key} part={part} />
        ) : (
          <ToolCard key={part.key} part={part} runId={round.id} canAnswer={canWrite} />
        ),
      )}
      {waits && loose.length === 0 && (
        <Status shape="half" tone="accent" label={t('conversations.thinking')} className="text-sm text-ink-3" />
      )}
      {heard && !isSilent && last?.kind === 'answer' && (
        <Speaker key={last.key} text={last.text} isWhole={!going || !last.streaming} />
      )}
      {!going && (
        <RoundFoot round={round} parts={parts} isLast={isLast} canWrite={canWrite} isBusy={isBusy} actions={actions} />
      )}
    </>
  );
}
