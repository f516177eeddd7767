import { world } from '../kit/example-world.ts';

/** Answers about servers, as the document shows them. */

const server = world.registeredId;
const tools = ['web_search', 'understand_image'];
const searchSchema = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };

const state = { connected: true, init_attempted: true, tools, error: null, transport_type: 'stdio' };
const asked = { server_name: server, tool_name: world.tool, params: { query: 'latest AI news 2024' } };

const added = { mcpServers: { new_server: { command: 'python server.py', transportType: 'stdio' } } };

export const mcp = {
  add: {
    body: added,
    response: {
      status: 'success',
      message: '成功添加 1 个服务器',
      added_servers: ['new_server'],
      duplicate_servers: [],
      skipped_servers: {},
    },
  },
  remove: {
    body: ['server1', 'server2'],
    response: {
      status: 'success',
      message: '成功删除 2 个服务器',
      removed_servers: ['server1', 'server2'],
      not_found_servers: [],
      skipped_servers: {},
    },
  },
  replace: { body: added, response: { new_server: state } },
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
  register: {
    body: {
      folder_name: 'weather_tool',
      script_files: { 'main.py': 'def main():...', 'tool.py': 'def weather_query():...' },
      readme: '工具说明文档',
      dependencies: 'requests==2.28.0',
    },
    response: { status: 'success', message: "MCP工具 'weather_tool' 注册成功" },
  },
  generated: { response: ['weather_tool', 'news_tool'] },
  test: { body: asked, response: { status: 'success', ...asked, result: 'Search results: …', execution_time: 0.5 } },
};
