import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { rememberSettings } from './settings.ts';
import type { Attachment, Conversation, Round, Settings } from './types.ts';
import { viewOf } from './use-conversation.ts';

/** What a person is about to say. */
export interface Saying {
  content: string;
  attachments: Attachment[];
  /** The round that it follows, where that is not the last one. */
  parentId?: string | null;
  /** A second model that answers the same. */
  beside?: string;
}

export interface Queued extends Saying {
  key: number;
}

export function isGoing(round: Pick<Round, 'state'> | undefined): boolean {
  return round?.state === 'running' || round?.state === 'waiting';
}

let counter = 0;

/** What a person can do in a conversation. What is said while it is answered waits for its turn. */
export function useChat(id: string | undefined, conversation: Conversation | undefined, settings: Settings | null) {
  const { t } = useTranslation();
  const toast = useToast();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [queue, setQueue] = useState<{ id: string | undefined; items: Queued[] }>({ id, items: [] });
  if (queue.id !== id) setQueue({ id, items: [] });
  const last = conversation?.shown.at(-1);
  /** The last round when something was said: with another one, what was said has arrived. */
  const [saidAfter, setSaidAfter] = useState<string | undefined>();
  function refresh() {
    return queryClient.invalidateQueries(trpc.conversations.pathFilter());
  }
  const say = useMutation(
    trpc.conversations.say.mutationOptions({
      onSuccess: async ({ conversationId }) => {
        await queryClient.fetchQuery(trpc.conversations.get.queryOptions(viewOf(conversationId), { staleTime: 0 }));
        if (id !== undefined) return;
        setQueue(({ items }) => ({ id: conversationId, items }));
        await navigate({ to: '/chat/$id', params: { id: conversationId } });
        await refresh();
      },
    }),
  );
  const told = {
    onSettled: refresh,
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
  };
  const stop = useMutation(trpc.conversations.stop.mutationOptions(told));
  const goOn = useMutation(trpc.conversations.goOn.mutationOptions(told));
  const select = useMutation(trpc.conversations.select.mutationOptions(told));
  const going = [...(last ? [last] : []), ...(conversation?.beside ?? [])].filter(isGoing);
  const isBusy = say.isPending || going.length > 0;

  function send({ content, attachments, parentId, beside }: Saying) {
    if (settings === null) return;
    rememberSettings(settings);
    setSaidAfter(last?.id);
    say.mutate({
      content,
      attachments,
      settings,
      ...(id !== undefined && { conversationId: id }),
      ...(parentId !== undefined && { parentId }),
      ...(beside !== undefined && { beside }),
    });
  }
  const next = queue.items[0];
  // After a failure whoever waits decides about what waits.
  const mayFollow = !isBusy && last?.state !== 'failed' && !say.isError && next !== undefined;
  useEffect(() => {
    if (!mayFollow) return;
    setQueue((now) => ({ ...now, items: now.items.filter(({ key }) => key !== next.key) }));
    send(next);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each that waits
  }, [mayFollow, next?.key]);

  return {
    isBusy,
    isAnswered: going.length > 0,
    /** What is being said and is not in the conversation yet. */
    pending: say.isPending && last?.id === saidAfter ? say.variables : null,
    failure: say.isError ? { error: say.error, saying: say.variables } : null,
    retry: send,
    forget: () => say.reset(),
    queue: queue.items,
    say(saying: Saying) {
      if (!isBusy) return send(saying);
      counter += 1;
      const key = counter;
      setQueue((now) => ({ ...now, items: [...now.items, { ...saying, key }] }));
    },
    withdraw: (key: number) => setQueue((now) => ({ ...now, items: now.items.filter((each) => each.key !== key) })),
    sendNow(item: Queued) {
      setQueue((now) => ({ ...now, items: now.items.filter(({ key }) => key !== item.key) }));
      send(item);
    },
    stop() {
      if (!stop.isPending) for (const { id: runId } of going) stop.mutate({ runId });
    },
    isStopping: stop.isPending,
    goOn: (runId: string) => goOn.mutate({ runId }),
    select: (runId: string) => id !== undefined && select.mutate({ id, runId }),
  };
}
export type Chat = ReturnType<typeof useChat>;
