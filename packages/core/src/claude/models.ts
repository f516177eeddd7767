import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { modelResource, nameKeyOf, seenModels } from '../models/queries.ts';
import type { ModelRow } from '../models/rows.ts';
import { spokenTo } from '../models/view.ts';
import { familyOfRetired } from './retired.ts';

/**
 * The models that the actor may ask here, the default one first: those that the settings name, in their order; where they
 * name none, those that speak Anthropic's format, the oldest first.
 */
export async function offeredModels(ctx: Ctx): Promise<ModelRow[]> {
  const usable = (await seenModels(ctx)).filter((row) => may(ctx, 'model.use', modelResource(row)));
  const named = ctx.policy.claude.models;
  if (named.length > 0) return named.flatMap((name) => usable.find(({ nameKey }) => nameKey === nameKeyOf(name)) ?? []);
  return usable
    .filter((row) => spokenTo(row) === 'anthropic')
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

function isCalled({ name, model }: ModelRow, asked: string): boolean {
  return name === asked || model === asked;
}

/** The model that a name means among those that are offered; null where none is offered at all. */
export function meantModel(offered: readonly ModelRow[], asked: string | undefined): ModelRow | null {
  const [first = null] = offered;
  if (asked === undefined) return first;
  const family = familyOfRetired(asked);
  return (
    offered.find((row) => isCalled(row, asked)) ??
    (family && offered.find(({ name, model }) => name.includes(family) || model.includes(family))) ??
    first
  );
}
