import { byId, ghost, none, nothingChanges, serverInPath } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'servers.list': { circle: 'signedIn', say: () => ({ input: {} }) },
  'servers.get': { server: 'see', say: byId },
  'servers.create': {
    circle: 'notViewers',
    say: () => ({ input: { id: 'shared', kind: 'streamable-http', url: 'https://example.com/mcp' } }),
  },
  'servers.update': { server: 'manage', say: nothingChanges },
  'servers.versions': { server: 'manage', say: byId },
  'servers.diff': { server: 'manage', say: ({ id }) => ({ input: { id, from: 1, to: 1 } }) },
  'servers.restore': { server: 'manage', say: ({ id }) => ({ input: { id, number: 1 } }), fresh: true },
  'servers.remove': { server: 'manage', say: byId, fresh: true },
  'servers.start': { server: 'manage', say: byId },
  'servers.stop': { server: 'manage', say: byId, fresh: true },
  'servers.restart': { server: 'manage', say: byId },
  'servers.test': {
    circle: 'notViewers',
    say: () => ({ input: { draft: { kind: 'streamable-http', name: 'x', url: 'http://127.0.0.1:1/mcp' } } }),
  },
  'servers.items': { server: 'see', say: byId },
  'servers.setItem': { server: 'manage', say: ({ id }) => ({ input: { id, type: 'tool', name: 'echo' } }) },
  'servers.setOthers': { server: 'manage', say: ({ id }) => ({ input: { id, type: 'tool', enabled: true } }) },
  'servers.logs': { server: 'manage', say: byId },
  'servers.reveal': { server: 'own', say: ({ id }) => ({ input: { id, field: 'headers', name: 'x-secret' } }) },
  'servers.give': { server: 'give', say: ({ id }) => ({ input: { id, owner: 'member' } }), fresh: true },
  'servers.fromService': {
    ...ghost({ stackId: 'ghost', service: 'web', port: 1 }),
    circle: 'unconfinedKeepers',
  },
  'servers.toContainer': { server: 'manage', say: byId },
  'servers.toProcess': { server: 'manage', say: byId },
  'servers.importConfig': {
    circle: 'notViewers',
    say: () => ({ input: { text: '{"mcpServers":{}}', apply: true, onConflict: 'skip' } }),
  },
  'servers.exportConfig': { elsewhere: 'what is not seen is not in it: lists.test.ts' },
  'servers.addDemo': { circle: 'admins', say: none },
};

export const rest: Rows = {
  'hub.servers.list': { circle: 'signedIn', say: none },
  'hub.servers.create': {
    circle: 'notViewers',
    say: () => ({ input: { name: 'shared', url: 'https://example.com/mcp' } }),
  },
  'hub.servers.get': { server: 'see', say: serverInPath },
  'hub.servers.update': { server: 'manage', say: (place) => ({ ...serverInPath(place), input: {} }) },
  'hub.servers.remove': { server: 'manage', say: serverInPath, fresh: true },
  'hub.servers.start': { server: 'manage', say: serverInPath },
  'hub.servers.stop': { server: 'manage', say: serverInPath, fresh: true },
  'hub.servers.restart': { server: 'manage', say: serverInPath },
  'hub.servers.logs': { server: 'manage', say: serverInPath },
  'registry.servers.list': { circle: 'signedIn', say: none },
  'registry.servers.register': {
    circle: 'notViewers',
    say: () => ({ input: { id: 'shared', type: 'streamable-http', url: 'http://127.0.0.1:1/mcp' } }),
  },
  'registry.servers.get': { server: 'see', say: serverInPath },
  'registry.servers.remove': { server: 'manage', say: serverInPath, fresh: true },
  'registry.servers.restart': { server: 'manage', say: serverInPath },
  'registry.servers.status': { server: 'see', say: serverInPath },
  'registry.servers.tools': { server: 'see', say: serverInPath },
  'registry.tools.callOnServer': {
    server: 'use',
    say: ({ id }) => ({ params: { serverId: id, toolName: 'echo' }, input: { text: 'hi' } }),
  },
  'registry.tools.callAnywhere': {
    server: 'use',
    absent: 500,
    say: ({ id }) => ({ input: { toolName: `${id}/echo`, arguments: { text: 'hi' } } }),
  },
  'agents.mcp.config': { circle: 'signedIn', say: none },
  'agents.mcp.replace': { elsewhere: 'it is about all servers: compat/agents/mcp-config.test.ts' },
  'agents.mcp.add': {
    circle: 'notViewers',
    say: () => ({ input: { mcpServers: { shared: { url: 'https://example.com/mcp' } } } }),
  },
  'agents.mcp.remove': { elsewhere: 'what is not seen is told as absent: compat/agents/mcp-config.test.ts' },
  'agents.mcp.status': { circle: 'signedIn', say: none },
  'agents.mcp.tools': { circle: 'signedIn', say: none },
  'agents.mcp.connect': { elsewhere: 'what is not seen is 400: compat/agents/mcp-servers.test.ts' },
  'agents.mcp.disconnect': {
    server: 'manage',
    say: ({ id }) => ({ params: { server_name: id } }),
    fresh: true,
  },
  'agents.mcp.testTool': {
    server: 'use',
    say: ({ id }) => ({ input: { server_name: id, tool_name: 'echo', params: { text: 'hi' } } }),
  },
};
