import type { Inputs } from '../../lib/trpc.ts';
import { objectOf, printJson } from './json-text.ts';
import type { App } from './types.ts';

type Patch = Inputs['apps']['update']['patch'];

/** The settings of an app as the form holds them. */
export interface SettingsDraft extends Pick<
  App,
  'category' | 'name' | 'displayName' | 'description' | 'aiNotes' | 'enabled' | 'visibility'
> {
  seed: string;
  initialState: string;
}

export function toDraft(app: App): SettingsDraft {
  const { category, name, displayName, description, aiNotes, enabled, visibility } = app;
  return {
    category,
    name,
    displayName,
    description,
    aiNotes,
    enabled,
    visibility,
    seed: app.seed ?? '',
    initialState: printJson(app.initialState),
  };
}

export function toPatch({ category, name, displayName, seed, initialState, ...rest }: SettingsDraft): Patch {
  return {
    ...rest,
    category: category.trim(),
    name: name.trim(),
    displayName: displayName.trim(),
    seed: seed === '' ? null : seed,
    initialState: objectOf(initialState) ?? {},
  };
}
