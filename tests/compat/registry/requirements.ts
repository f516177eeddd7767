import type { Requirement } from '../requirement.ts';

/** Every documented row of the registry API (docs/apis/registry.md), in the order of its document. */
export const registryRequirements: readonly Requirement[] = [
  { row: 103, route: 'GET /api/mcp/servers', behaviour: 'lists the registered servers' },
  { row: 104, route: 'POST /api/mcp/servers', behaviour: 'registers a server once it runs' },
  { row: 105, route: 'GET /api/mcp/servers/{serverId}', behaviour: 'shows a server with the schemas of its tools' },
  { row: 106, route: 'DELETE /api/mcp/servers/{serverId}', behaviour: 'unregisters a server and ends its process' },
  { row: 107, route: 'POST /api/mcp/servers/{serverId}/restart', behaviour: 'restarts a server' },
  { row: 108, route: 'GET /api/mcp/servers/{serverId}/status', behaviour: 'tells the phase of a server' },
  { row: 109, route: 'GET /api/mcp/servers/{serverId}/tools', behaviour: 'lists the tools of a server' },
  { row: 110, route: 'POST /api/mcp/servers/{serverId}/tools/{toolName}/call', behaviour: 'calls a tool of a server' },
  { row: 111, route: 'POST /api/mcp/tools/call', behaviour: 'calls a tool wherever it is' },
  { row: 112, route: 'GET /api/mcp/statistics', behaviour: 'counts servers and tools' },
  { row: 113, route: 'GET /api/mcp/health', behaviour: 'tells whether every server that should run does' },
];
