import { sameList, type View } from '../../view.ts';

/** The lists of a view, and the notification of a change of each. */
export const listChanges = [
  { capability: 'tools', flag: 'toolsListChanged', method: 'notifications/tools/list_changed' },
  { capability: 'prompts', flag: 'promptsListChanged', method: 'notifications/prompts/list_changed' },
  { capability: 'resources', flag: 'resourcesListChanged', method: 'notifications/resources/list_changed' },
] as const;

export type ListChange = (typeof listChanges)[number];

const known = new WeakMap<View, WeakMap<View, readonly ListChange[]>>();

function compare(before: View, now: View): readonly ListChange[] {
  return listChanges.filter(({ capability }) => {
    if (!sameList(before, now, capability)) return true;
    return capability === 'resources' && !sameList(before, now, 'resourceTemplates');
  });
}

/** Which lists differ. Many clients see the same views, so each pair is compared once. */
export function changesBetween(before: View, now: View): readonly ListChange[] {
  if (before === now) return [];
  const since = known.get(before) ?? new WeakMap<View, readonly ListChange[]>();
  known.set(before, since);
  const changes = since.get(now) ?? compare(before, now);
  since.set(now, changes);
  return changes;
}
