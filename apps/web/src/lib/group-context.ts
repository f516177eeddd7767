import { createContext, use } from 'react';
import type { Group } from './api-types.ts';

export const GroupContext = createContext<Group | null>(null);

/** The group whose page is shown. */
export function useGroup(): Group {
  const group = use(GroupContext);
  if (!group) throw new Error('useGroup needs a group page around it');
  return group;
}
