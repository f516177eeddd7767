import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Server } from '../servers/schema.ts';
import { freeSlug, seenShowing, serverNameOf } from '../servers/shown.ts';
import { createServer } from '../servers/verbs.ts';
import { verb } from '../verb.ts';
import { requireApp } from './queries.ts';
import { ShowApp } from './schema.ts';

/** Makes a server of the app, which is the actor's: groups, limits, records and the playground hold for it as for any other. */
export const showApp = verb(
  { name: 'app.use', access: 'write', input: ShowApp },
  async (ctx, { id, visibility }): Promise<Server> => {
    const app = await requireApp(ctx, id, 'app.use');
    const shown = await seenShowing(ctx, { app: app.id });
    if (shown !== null)
      throw new DomainError('conflict', say('appShown', { server: shown }), { conflictingResourceId: shown });
    ctx.audit({ id: app.id, details: { shown: true } });
    return await createServer(ctx, {
      id: await freeSlug(ctx, [app.name, `${app.category}-${app.name}`], 'app'),
      name: serverNameOf(app.displayName) || app.name,
      description: app.description.slice(0, 1_000),
      kind: 'app',
      app: app.id,
      ...(visibility !== undefined && { visibility }),
    });
  },
);
