import type { ServerSpec } from '@switchboard/mcp-runtime/types';
import { personOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { filledLaunch, fits } from './fill.ts';
import { findValues, openValues } from './store.ts';

/**
 * A spec with what the actor filled in for this server, for an instance that nobody else uses. Null where something is
 * missing; a spec without slots stays as it is.
 */
export async function ownSpec(ctx: Ctx, serverId: string | null, spec: ServerSpec): Promise<ServerSpec | null> {
  const { personal, ...plain } = spec;
  if (personal !== true) return spec;
  const row = serverId === null ? null : await findValues(ctx.db, { serverId, person: personOf(ctx.actor) });
  const values = row === null ? {} : openValues(ctx.secrets, row);
  const launch = fits(spec.launch, values) ? filledLaunch(spec.launch, values) : null;
  return launch && { ...plain, launch };
}
