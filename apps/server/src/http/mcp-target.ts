/** An MCP endpoint, and how it is spoken to. */
export interface McpTarget {
  endpoint: string;
  route: 'streamable' | 'sse' | 'messages';
  /** Whether the path ends with a slash: strict clients compare addresses whole. */
  slash?: true;
}

const mcpPath = /^\/(mcp|sse|messages)(?:\/([^/]+))?(\/)?$/;

/** The MCP endpoint a path names; null where it is no MCP path. */
export function findMcpTarget(pathname: string): McpTarget | null {
  const match = mcpPath.exec(pathname);
  if (!match) return null;
  const route = match[1] === 'mcp' ? 'streamable' : match[1] === 'sse' ? 'sse' : 'messages';
  const slash = match[3] !== undefined && { slash: true as const };
  if (match[2] === undefined) return { endpoint: 'all', route, ...slash };
  try {
    return { endpoint: decodeURIComponent(match[2]), route, ...slash };
  } catch {
    return null;
  }
}

/** The path at which the messages of an SSE stream arrive; a token is checked there against the same endpoint. */
export function messagesPathOf(endpoint: string): string {
  return endpoint === 'all' ? '/messages' : `/messages/${encodeURIComponent(endpoint)}`;
}

const routes = { streamable: '/mcp', sse: '/sse', messages: '/messages' } as const;

/** The path of an endpoint as a trace has it: paths of one kind share a name. */
export function routeOf({ endpoint, route }: McpTarget): string {
  return endpoint === 'all' ? routes[route] : `${routes[route]}/{server}`;
}

/** Targets of paths seen before; there are few besides those of scanners. */
const targets = new Map<string, McpTarget | null>();
const mostTargets = 1000;
const longestPath = 200;

/** The MCP endpoint a path names, from memory where it was asked for before. */
export function mcpTargetOf(pathname: string): McpTarget | null {
  const known = targets.get(pathname);
  if (known !== undefined) return known;
  const target = findMcpTarget(pathname);
  if (targets.size >= mostTargets) targets.clear();
  if (pathname.length <= longestPath) targets.set(pathname, target);
  return target;
}
