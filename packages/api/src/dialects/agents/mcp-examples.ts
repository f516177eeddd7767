import { world } from '../kit/example-world.ts';

/** Answers about servers, as the document shows them. */

const server = world.registeredId;
const tools = ['web_search', 'understand_image'];
const searchSchema = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };

const state = { connected: true, init_attempted: true, tools, error: null, transport_type: 'stdio' };
const asked = { server_name: server, tool_name: world.tool, params: { query: 'latest AI news 2024' } };

export const mcp = {
  config: {
    mcpServers: {
      [server]: { transportType: 'stdio', command: 'uvx', args: ['minimax-mcp'], disabled: false, timeout: 120 },
    },
  },
  status: { [server]: state },
  tools: {
    [server]: [{ name: world.tool, description: 'Search the web for information', input_schema: searchSchema }],
  },
  connected: { status: 'success', server, message: '连接成功', tools },
  disconnected: { status: 'success', server, message: '断开连接成功' },
  test: { body: asked, response: { status: 'success', ...asked, result: 'Search results: …', execution_time: 0.5 } },
};
