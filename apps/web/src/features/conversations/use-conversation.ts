import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../../lib/trpc.ts';
import type { Conversation, Round } from './types.ts';

const atOnce = 50;

/** How a conversation is asked for, wherever it is. */
export function viewOf(id: string) {
  return { id, rounds: atOnce };
}

interface Earlier {
  id: string;
  rounds: Round[];
  hasMore: boolean;
}

/** Rounds that still lead to the first one that is shown: another branch may be shown by now. */
function leading(earlier: Earlier | null, conversation: Conversation | undefined): Earlier | null {
  const first = conversation?.shown[0];
  const fits = earlier?.id === conversation?.id && earlier?.rounds.at(-1)?.id === first?.parentId;
  return fits ? earlier : null;
}

/** A conversation on the branch that is shown; earlier rounds come when they are asked for. */
export function useConversation(id: string | undefined) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.conversations.get.queryOptions(viewOf(id ?? ''), { enabled: id !== undefined }));
  const conversation = id === undefined ? undefined : query.data;
  const [kept, setKept] = useState<Earlier | null>(null);
  const [isLoading, setLoading] = useState(false);
  const earlier = leading(kept, conversation);
  const rounds = [...(earlier?.rounds ?? []), ...(conversation?.shown ?? [])];
  const before = rounds[0]?.id;
  async function loadEarlier() {
    if (conversation === undefined || before === undefined) return;
    setLoading(true);
    const input = { id: conversation.id, before, rounds: atOnce };
    await queryClient
      .fetchQuery(trpc.conversations.get.queryOptions(input))
      .then(({ shown, hasEarlier }) =>
        setKept({ id: conversation.id, rounds: [...shown, ...(earlier?.rounds ?? [])], hasMore: hasEarlier }),
      )
      .catch(() => undefined);
    setLoading(false);
  }
  return {
    query,
    conversation,
    rounds,
    earlier: {
      has: earlier?.hasMore ?? conversation?.hasEarlier ?? false,
      isLoading,
      load: () => void loadEarlier(),
    },
  };
}
