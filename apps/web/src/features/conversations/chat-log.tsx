import { ArrowDown } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';
import { CompareView } from './compare-view.tsx';
import { PendingRound } from './pending-round.tsx';
import { useRoundActions, type RoundActions } from './round-actions.ts';
import { RoundView } from './round-view.tsx';
import { SayFailed } from './say-failed.tsx';
import type { Conversation, Round } from './types.ts';
import type { Chat } from './use-chat.ts';
import type { useConversation } from './use-conversation.ts';
import type { ChatSettings } from './use-settings.ts';
import { useStayAtEnd } from './use-stay-at-end.ts';
import { Welcome } from './welcome.tsx';

interface ChatLogProps {
  conversation: Conversation | undefined;
  isLoading: boolean;
  rounds: readonly Round[];
  earlier: ReturnType<typeof useConversation>['earlier'];
  chat: Chat;
  settings: ChatSettings;
  canWrite: boolean;
  onEdit: (round: Round) => void;
  onSuggest: (text: string) => void;
}

/** Rounds that stay in sight while another branch is begun. */
function keptRounds(rounds: readonly Round[], parentId: string | null | undefined): readonly Round[] {
  if (parentId === undefined) return rounds;
  return rounds.slice(0, rounds.findIndex(({ id }) => id === parentId) + 1);
}

/** The way back to what is said now. */
function ToEnd({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <Button
        size="sm"
        className="pointer-events-auto shadow-lift"
        icon={<ArrowDown aria-hidden className="size-3.5" />}
        onClick={onClick}
      >
        {t('conversations.toEnd')}
      </Button>
    </div>
  );
}

interface RoundsProps extends Pick<ChatLogProps, 'conversation' | 'rounds' | 'chat' | 'canWrite'> {
  shown: readonly Round[];
  actions: RoundActions;
}

/** What was said; the last round beside what another model answered to the same. */
function Rounds({ conversation, rounds, shown, chat, canWrite, actions }: RoundsProps) {
  const { pending, isBusy } = chat;
  const beside = conversation?.beside ?? [];
  const last = shown.at(-1);
  const compared = beside.length > 0 && pending === null && last === rounds.at(-1) ? last : undefined;
  const common = { canWrite, isBusy, actions };
  return (
    <>
      {(compared ? shown.slice(0, -1) : shown).map((round) => (
        <RoundView key={round.id} round={round} isLast={round === last && pending === null} {...common} />
      ))}
      {compared && <CompareView key={compared.parentId} chosen={compared} beside={beside} {...common} />}
    </>
  );
}

/** All that was said, and what is said now. */
export function ChatLog(props: ChatLogProps) {
  const { isLoading, rounds, earlier, chat, settings, onEdit, onSuggest } = props;
  const { t } = useTranslation();
  const { region, content, isAtEnd, onScroll, toEnd } = useStayAtEnd();
  const actions = useRoundActions(chat, onEdit);
  const { pending } = chat;
  const shown = pending ? keptRounds(rounds, pending.parentId) : rounds;
  useEffect(() => {
    if (pending) toEnd();
  }, [pending, toEnd]);
  const isEmpty = shown.length === 0 && pending === null && !isLoading;
  return (
    <div className="relative min-h-0 flex-1">
      <ScrollRegion
        ref={region}
        role="log"
        label={t('conversations.log')}
        onScroll={onScroll}
        className="@container h-full [overflow-anchor:auto]"
      >
        <div ref={content} className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 py-6">
          {earlier.has && (
            <Button size="sm" className="self-center" busy={earlier.isLoading} onClick={earlier.load}>
              {t('conversations.earlier')}
            </Button>
          )}
          {isLoading && (
            <div aria-hidden className="flex flex-col gap-4">
              <Skeleton className="ml-auto h-10 w-1/2" />
              <Skeleton className="h-24 w-full" />
            </div>
          )}
          {isEmpty && <Welcome settings={settings} onSuggest={onSuggest} />}
          <Rounds {...props} shown={shown} actions={actions} />
          {pending && <PendingRound content={pending.content} attachments={pending.attachments ?? []} />}
          {chat.failure && <SayFailed chat={chat} error={chat.failure.error} />}
        </div>
      </ScrollRegion>
      {!isAtEnd && <ToEnd onClick={toEnd} />}
    </div>
  );
}
