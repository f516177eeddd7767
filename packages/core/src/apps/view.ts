import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { appResource } from './queries.ts';
import type { AppRow } from './rows.ts';
import type { App, ListedApp } from './schema.ts';

/** The facts about an app that are not in its row. */
export interface Beside {
  serverId: string | null;
  pairs: number;
}

/** One app as this actor may see it. */
export function toApp(ctx: Ctx, row: AppRow, { serverId, pairs }: Beside): App {
  const resource = appResource(row);
  const configure = may(ctx, 'app.configure', resource);
  return {
    id: row.id,
    num: row.num,
    category: row.category,
    name: row.name,
    displayName: row.displayName,
    description: row.description,
    aiNotes: row.aiNotes,
    enabled: row.enabled,
    // Both were checked when they came, which takes longer than all else of a list.
    actions: row.actions as App['actions'],
    initialState: row.initialState,
    seed: row.seed,
    profile: row.profile,
    faults: row.faults as App['faults'],
    visibility: row.visibility,
    createdBy: row.createdBy,
    ownerName: configure ? ownerName(ctx, row.createdBy) : null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    serverId,
    pairs,
    can: { use: may(ctx, 'app.use', resource), configure },
  };
}

/** The same for a list. */
export function toListed({ actions, initialState: _state, faults: _faults, aiNotes: _notes, ...app }: App): ListedApp {
  return { ...app, actions: actions.map(({ name }) => name) };
}
