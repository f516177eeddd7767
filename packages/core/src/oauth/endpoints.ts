import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { allServers } from '../selection.ts';
import { findServer } from '../servers/queries.ts';
import type { OauthEndpoint } from './schema.ts';

/** The path of an endpoint over streamable HTTP. */
export function pathOfEndpoint(endpoint: string): string {
  return endpoint === allServers ? '/mcp' : `/mcp/${encodeURIComponent(endpoint)}`;
}

/** Title of an endpoint; null where the actor does not see the server or group behind it. */
function titleOf(ctx: Ctx, endpoint: string): string | null {
  if (endpoint === allServers) return 'Switchboard';
  const group = ctx.access.directory.group(endpoint);
  if (group) return may(ctx, 'group.read', { type: 'group', id: endpoint }) ? group.displayName : null;
  const server = ctx.hub.resourceOfServer(endpoint);
  return server && may(ctx, 'server.read', server) ? endpoint : null;
}

/** An endpoint as a person sees it. `url` is the address that the client gave. */
export function toEndpoint(ctx: Ctx, endpoint: string, url: string): OauthEndpoint {
  return { slug: endpoint === allServers ? null : endpoint, url, title: titleOf(ctx, endpoint) };
}

/** Whether an endpoint is there and the actor sees the server or group behind it. */
export async function isEndpoint(ctx: Ctx, endpoint: string): Promise<boolean> {
  if (endpoint === allServers) return true;
  if (ctx.access.directory.group(endpoint)) return may(ctx, 'group.read', { type: 'group', id: endpoint });
  return (await findServer(ctx, endpoint))?.id === endpoint;
}
