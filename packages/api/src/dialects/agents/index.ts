import { dialectRouter } from '../kit/route.ts';
import { complete } from './chat.ts';
import * as conversations from './conversations.ts';
import * as generation from './generation.ts';
import * as graphs from './graphs.ts';
import { add, remove as removeServers, replace } from './mcp-config.ts';
import { list as listTools, register } from './mcp-generated.ts';
import { config, connect, disconnect, status, testTool, tools } from './mcp.ts';
import { create, get, list, remove, update } from './models.ts';
import * as system from './system.ts';

/** The agents API, in the order of its document. */
export const agentsRouter = dialectRouter({
  chat: dialectRouter({ complete }),
  conversations: dialectRouter({
    list: conversations.list,
    get: conversations.get,
    status: conversations.status,
    remove: conversations.remove,
    title: conversations.title,
    tags: conversations.tags,
    compact: conversations.compact,
  }),
  graphs: dialectRouter({
    list: graphs.list,
    get: graphs.get,
    readme: graphs.readme,
    save: graphs.save,
    remove: graphs.remove,
    rename: graphs.rename,
    script: graphs.script,
    execute: graphs.execute,
    template: generation.template,
    changeTemplate: generation.changeTemplate,
    generate: generation.graph,
  }),
  mcp: dialectRouter({
    config,
    replace,
    status,
    add,
    remove: removeServers,
    connect,
    disconnect,
    tools,
    template: generation.toolPrompt,
    generate: generation.tool,
    register,
    generated: listTools,
    testTool,
  }),
  models: dialectRouter({ list, get, create, update, remove }),
  system: dialectRouter({ shutDown: system.shutDown }),
});
