import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Status } from '../../ui/feedback/status.tsx';
import { AnswerView } from '../../ui/rounds/answer-view.tsx';
import { partsOf } from '../../ui/rounds/round-parts.ts';
import { ToolCard } from '../../ui/rounds/tool-card.tsx';
import { AskView } from './ask-view.tsx';
import type { RoundActions } from './round-actions.ts';
import { RoundFoot } from './round-foot.tsx';
import { Speaker } from './speaker.tsx';
import type { Round } from './types.ts';
import { isGoing } from './use-chat.ts';
import { useFollowedRound } from './use-followed-round.ts';

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
  const live = useFollowedRound(isLast ? round : null);
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
          <ToolCard key={part.key} part={part}>
            {part.asks.map((ask) => (
              <div key={ask.askId} className="mt-3">
                <AskView ask={ask} runId={round.id} canAnswer={canWrite} />
              </div>
            ))}
          </ToolCard>
        ),
      )}
      {waits && loose.length === 0 && (
        <Status shape="half" tone="accent" label={t('round.thinking')} className="text-sm text-ink-3" />
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
