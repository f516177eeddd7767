import type { ListedApp } from './types.ts';

type Named = Pick<ListedApp, 'category' | 'name' | 'displayName' | 'description' | 'actions'>;

export function categoriesOf(apps: readonly Pick<ListedApp, 'category'>[]): string[] {
  return [...new Set(apps.map(({ category }) => category))].toSorted((one, other) => one.localeCompare(other));
}

/** Apps of a category whose words, or those of an action, hold the text. */
export function fitting<Each extends Named>(apps: readonly Each[], text: string, category: string | undefined): Each[] {
  const wanted = text.trim().toLowerCase();
  return apps.filter((app) => {
    if (category !== undefined && app.category !== category) return false;
    const { name, displayName, description, actions } = app;
    const words = [app.category, name, displayName, description, ...actions];
    return words.some((word) => word.toLowerCase().includes(wanted));
  });
}

/** Apps by category, both in the order of the alphabet. */
export function byCategory<Each extends Pick<ListedApp, 'category' | 'name'>>(
  apps: readonly Each[],
): [string, Each[]][] {
  const groups = Map.groupBy(apps, ({ category }) => category);
  return categoriesOf(apps).map((category) => [
    category,
    (groups.get(category) ?? []).toSorted((one, other) => one.name.localeCompare(other.name)),
  ]);
}
