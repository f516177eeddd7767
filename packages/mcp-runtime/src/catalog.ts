import { ErrorCode, isObject, RpcError } from './rpc.ts';
import type { Catalog, JsonObject } from './types.ts';

/** Pages read from one list before the rest is given up: a server that never stops paging must not hold the hub. */
const MAX_PAGES = 1000;
const MAX_ITEMS = 50_000;

const LISTS = [
  { capability: 'tools', method: 'tools/list', key: 'tools', target: 'tools' },
  { capability: 'prompts', method: 'prompts/list', key: 'prompts', target: 'prompts' },
  { capability: 'resources', method: 'resources/list', key: 'resources', target: 'resources' },
  {
    capability: 'resources',
    method: 'resources/templates/list',
    key: 'resourceTemplates',
    target: 'resourceTemplates',
  },
] as const;

/** What a connection tells about its server before any list is read. */
export interface ServerIdentity {
  protocolVersion: string;
  supportedVersions: string[];
  serverInfo: JsonObject;
  capabilities: JsonObject;
  instructions: string | null;
}

export type ListRequest = (method: string, params: JsonObject) => Promise<JsonObject>;

async function readList(request: ListRequest, method: string, key: string): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const result = await request(method, cursor === undefined ? {} : { cursor });
    const part = result[key];
    if (Array.isArray(part)) for (const item of part) if (isObject(item)) items.push(item);
    const next = result['nextCursor'];
    if (typeof next !== 'string' || next === cursor || items.length >= MAX_ITEMS) break;
    cursor = next;
  }
  return items;
}

/**
 * Reads every list a server declares, to the last page. A list that fails while the server declares it
 * keeps what `previous` knew, so one broken list does not empty the others; the first failure is reported.
 */
export async function readCatalog(
  identity: ServerIdentity,
  request: ListRequest,
  previous: Catalog | null,
  onError: (method: string, error: unknown) => void,
): Promise<Catalog> {
  const catalog: Catalog = { ...identity, tools: [], prompts: [], resources: [], resourceTemplates: [] };
  const read = LISTS.filter((list) => identity.capabilities[list.capability] !== undefined).map(async (list) => {
    try {
      catalog[list.target] = await readList(request, list.method, list.key);
    } catch (error) {
      // Many servers declare a capability and do not know one of its lists; that is no fault worth a line.
      if (error instanceof RpcError && error.code === ErrorCode.methodNotFound) return;
      catalog[list.target] = previous?.[list.target] ?? [];
      if (list.target !== 'resourceTemplates') onError(list.method, error);
    }
  });
  await Promise.all(read);
  return catalog;
}

/** Whether two catalogs offer the same, whatever connection told them. */
export function sameOffer(a: Catalog | null, b: Catalog): boolean {
  const offer = ({ capabilities, instructions, tools, prompts, resources, resourceTemplates }: Catalog): string =>
    JSON.stringify([capabilities, instructions, tools, prompts, resources, resourceTemplates]);
  return a !== null && offer(a) === offer(b);
}

export function sameCatalog(a: Catalog | null, b: Catalog): boolean {
  return a !== null && JSON.stringify(a) === JSON.stringify(b);
}
