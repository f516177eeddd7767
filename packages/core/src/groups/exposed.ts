import type { EndpointSelection, Exposure } from '@switchboard/mcp-runtime/types';
import type { Ctx } from '../context.ts';

/** An actor that sees the items of the group itself, for any caller. */
const everyone = { key: 'system:groups', person: 'system' };

/** The selection of a group's endpoint for its members; null where the directory does not know the group yet. */
export function selectionFor(ctx: Ctx, groupId: string): EndpointSelection | null {
  return ctx.hub.select(everyone, groupId);
}

export function exposureFor(ctx: Ctx, groupId: string): Exposure | null {
  const selection = selectionFor(ctx, groupId);
  return selection && ctx.hub.runtime.exposure(selection);
}
