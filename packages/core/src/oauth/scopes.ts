/** Scopes of an endpoint: `mcp:read` lists and reads, `mcp:call` calls tools. */
export const mcpScopes = ['mcp:read', 'mcp:call'] as const;
export type McpScope = (typeof mcpScopes)[number];

/** Methods that may change something. All other methods of MCP list or read. */
const calling: ReadonlySet<string> = new Set(['tools/call', 'tasks/update', 'tasks/cancel']);

/** The scope that a method of MCP needs. */
export function scopeOfMethod(method: string): McpScope {
  return calling.has(method) ? 'mcp:call' : 'mcp:read';
}

/** The known scopes of a list, each once. */
export function knownScopes(asked: Iterable<string>): McpScope[] {
  const given = new Set(asked);
  return mcpScopes.filter((scope) => given.has(scope));
}
