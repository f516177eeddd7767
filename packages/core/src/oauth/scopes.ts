/** What a client may ask for at an endpoint: to list and read what is there, and to call tools. */
export const mcpScopes = ['mcp:read', 'mcp:call'] as const;
export type McpScope = (typeof mcpScopes)[number];

/** What changes something, or may: everything else that MCP has lists and reads. */
const calling: ReadonlySet<string> = new Set(['tools/call', 'tasks/update', 'tasks/cancel']);

/** The scope that a method of MCP needs. */
export function scopeOfMethod(method: string): McpScope {
  return calling.has(method) ? 'mcp:call' : 'mcp:read';
}

/** Those of a list that mean something here, each once. */
export function knownScopes(asked: Iterable<string>): McpScope[] {
  const given = new Set(asked);
  return mcpScopes.filter((scope) => given.has(scope));
}
