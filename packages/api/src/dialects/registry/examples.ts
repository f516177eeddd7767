import { world } from '../kit/example-world.ts';
import { ok } from './map.ts';

/** Answers of the registry, as the document shows them. */

const serverId = world.registeredId;
const status = { phase: 'running', message: 'Server is running' };
const webSearch = { name: world.tool, description: 'Search the web for information' };
const searchSchema = {
  type: 'object',
  properties: { query: { type: 'string', description: 'Search query' } },
  required: ['query'],
};
const understandImage = {
  name: 'understand_image',
  description: 'Understand image content',
  inputSchema: {
    type: 'object',
    properties: { prompt: { type: 'string' }, image_source: { type: 'string' } },
    required: ['prompt', 'image_source'],
  },
};
const tools = [{ ...webSearch, inputSchema: searchSchema }, understandImage];
const server = { id: serverId, status, lastActivity: world.now };

function done(verb: string) {
  return ok({ serverId, message: `Server ${verb} successfully` });
}

export const servers = {
  list: {
    ...ok([
      { ...server, tools: [webSearch, { name: understandImage.name, description: understandImage.description }] },
    ]),
    meta: { total: 1, timestamp: world.now },
  },
  one: ok({ ...server, tools }),
  registered: done('registered'),
  removed: done('unregistered'),
  restarted: done('restarted'),
  status: ok({
    serverId,
    status: { ...status, startedAt: '2024-01-01T11:00:00.000Z', uptime: 3_600, error: null },
  }),
  tools: ok({ serverId, tools, count: tools.length }),
};

const text = 'Search results: …';

export const call = ok({
  success: true,
  content: text,
  contents: [{ type: 'text', text }],
  isError: false,
  duration: 182.4,
  metadata: { toolType: 'mcp', source: serverId, serverId, toolName: world.tool },
});

const healthy = { status: 'running', toolCount: tools.length, healthy: true, uptime: 3_600, lastActivity: world.now };
const unhealthy = { status: 'error', toolCount: 0, error: 'Connection timeout', healthy: false, uptime: null };

export const monitoring = {
  statistics: ok({
    servers: { total: 2, running: 2, starting: 0, stopping: 0, stopped: 0, error: 0 },
    tools: { total: 5 },
    uptime: 3_600,
  }),
  healthy: ok({ healthy: true, details: { [serverId]: healthy } }),
  unhealthy: {
    success: false,
    data: { healthy: false, details: { [serverId]: { ...unhealthy, lastActivity: world.now } } },
  },
};
