import { useInstance } from '../../lib/use-instance.ts';
import type { ConversationItem } from './types.ts';

/** Whether a conversation of a list is the reader's own. */
export function useIsOwn(): (item: Pick<ConversationItem, 'ownerId'>) => boolean {
  const { me } = useInstance();
  return ({ ownerId }) => ownerId === null || ownerId === me?.user?.id;
}
