import { listItems, listServers } from '@switchboard/core/servers';
import type { Item, Server } from '@switchboard/core/servers/schema';
import type { ApiContext } from '../../context.ts';

/** The tools of a server that can be called: switched-off tools are left out. */
export async function toolsOf({ core }: ApiContext, id: string): Promise<Item[]> {
  const { tools } = await listItems(core, { id });
  return tools.filter((tool) => tool.enabled);
}

/** Every server that the caller sees, oldest first. */
export async function allServers({ core }: ApiContext): Promise<Server[]> {
  const servers: Server[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total } = await listServers(core, { page, limit: 1000, sort: 'createdAt', order: 'asc' });
    servers.push(...items);
    if (items.length === 0 || servers.length >= total) return servers;
  }
}
