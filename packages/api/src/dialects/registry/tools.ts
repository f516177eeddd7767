import { callAnyTool, callTool } from '@switchboard/core';
import { callAnswers, route } from './dialect.ts';
import { call } from './examples.ts';
import { toToolResult } from './map.ts';
import { CallServerTool, CallTool, ToolResult } from './wire.ts';

export const callOnServer = route({
  method: 'POST',
  path: '/api/mcp/servers/{serverId}/tools/{toolName}/call',
  summary: 'Call a tool of a server',
  description: 'The body is what the tool takes.',
  body: 'arguments',
  verbs: [callTool],
  errors: [400, 401, 403, 404, 429, 500],
  answers: callAnswers,
  example: { response: call, body: { query: 'latest AI news 2024' } },
})
  .input(CallServerTool)
  .output(ToolResult)
  .mutation(async ({ ctx, input: { serverId, toolName, arguments: given } }) =>
    toToolResult(await callTool(ctx.core, { serverId, tool: toolName, arguments: given, via: 'rest' })),
  );

export const callAnywhere = route({
  method: 'POST',
  path: '/api/mcp/tools/call',
  summary: 'Call a tool wherever it is',
  description: 'Takes the first running server that has the tool, oldest registration first.',
  verbs: [callAnyTool],
  errors: [400, 401, 403, 404, 429, 500],
  answers: callAnswers,
  example: { response: call, body: { toolName: 'web_search', arguments: { query: 'latest AI news 2024' } } },
})
  .input(CallTool)
  .output(ToolResult)
  .mutation(async ({ ctx, input: { toolName, arguments: given = {} } }) =>
    toToolResult(await callAnyTool(ctx.core, { toolName, arguments: given, via: 'rest' })),
  );
