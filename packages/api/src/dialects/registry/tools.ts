import { callAnyTool, callTool } from '@switchboard/core/calls';
import { callAnswers, route } from './dialect.ts';
import { call } from './examples.ts';
import { toToolResult } from './map.ts';
import { CallServerTool, CallTool, ToolResult } from './wire.ts';

const failing =
  'A call that comes to no result is 500 `TOOL_CALL_ERROR`, with the reason in `message`: there is no such tool, the server ' +
  'does not run, or it ended or took too long. A server that is not there is 404 `SERVER_NOT_FOUND`. A tool that ran and ' +
  'says that it failed is 200 with `data.success: false`. An integer beyond 53 bits is refused: send it as a text.';

export const callOnServer = route({
  method: 'POST',
  path: '/api/mcp/servers/{serverId}/tools/{toolName}/call',
  summary: 'Call a tool of a server',
  description: 'The body is what the tool takes. ' + failing,
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
  description: 'Takes the first running server that has the tool, oldest registration first. ' + failing,
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
