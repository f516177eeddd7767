import { afterAll, beforeAll, expect } from 'vitest';
import type { Json } from '../../support/app.ts';
import { type CompatApp, createCompatApp, askUntil } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
  for (const id of ['minimax-mcp', 'second']) {
    const { status, body } = await app.json('/api/mcp/servers', {
      body: { id, type: 'stdio', command: 'uvx', args: [id] },
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
});
afterAll(() => app.stop());

function call(tool: string, body?: Json, id = 'minimax-mcp') {
  return app.json(`/api/mcp/servers/${id}/tools/${tool}/call`, { method: 'POST', ...(body !== undefined && { body }) });
}
function callAnywhere(body: Json) {
  return app.json('/api/mcp/tools/call', { body });
}

verifies(110, 'the body is what the tool takes, the answer its text', async () => {
  const { status, body } = await call('web_search', { query: 'latest AI news 2024' });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    success: true,
    data: {
      success: true,
      content: 'Search results: latest AI news 2024',
      contents: [{ type: 'text', text: 'Search results: latest AI news 2024' }],
      isError: false,
      metadata: { toolType: 'mcp', serverId: 'minimax-mcp', toolName: 'web_search' },
    },
  });
  expect(body.data.duration).toBeGreaterThan(0);
});

verifies(110, 'keys like those of the path do not get into the arguments', async () => {
  const { body } = await call('web_search', { query: 'x', serverId: 'second', toolName: 'dies' });
  expect(body.data.content).toBe('Search results: x');
  expect(body.data.metadata.serverId).toBe('minimax-mcp');
});

verifies(110, 'no body is no arguments, without a content type', async () => {
  const { status, body } = await call('understand_image');
  expect(status).toBe(200);
  expect(body.data).toMatchObject({ success: true, content: 'A picture.', structuredContent: { objects: 1 } });
});

verifies(110, 'a tool that says it failed is a success of the call', async () => {
  const { status, body } = await call('always_fails', {});
  expect(status).toBe(200);
  expect(body).toMatchObject({ success: true, data: { success: false, isError: true, content: 'It did not work.' } });
});

verifies(110, 'arguments that are no object are refused', async () => {
  for (const bad of [[], 'text', 5, true]) {
    const { status, body } = await app.json('/api/mcp/servers/minimax-mcp/tools/web_search/call', {
      body: JSON.stringify(bad),
      headers: { 'content-type': 'application/json' },
    });
    expect([status, body.error.code], JSON.stringify(bad)).toEqual([400, 'INVALID_ARGUMENTS']);
  }
});

verifies(110, 'an unknown tool is the error of the call', async () => {
  const { status, body } = await call('no_such_tool', {});
  expect([status, body.error.code]).toEqual([500, 'TOOL_CALL_ERROR']);
  expect(body.error.message).toMatch(/no_such_tool.*web_search/);
});

verifies(110, 'a process that dies in mid-call is the error of that call only', async () => {
  const { status, body } = await call('dies', {}, 'second');
  expect([status, body.error.code]).toEqual([500, 'TOOL_CALL_ERROR']);
  const again = await askUntil(
    () => call('web_search', { query: 'back' }, 'second'),
    (answer) => answer.status === 200,
    90_000,
  );
  expect(again.body.data.content).toBe('Search results: back');
});

verifies(110, 'a tool that is switched off is refused', async () => {
  const client = app.client();
  await client.servers.setItem.mutate({ id: 'second', type: 'tool', name: 'say', enabled: false });
  const { status, body } = await call('say', { line: 'x' }, 'second');
  expect([status, body.error.code]).toEqual([500, 'TOOL_CALL_ERROR']);
  expect(body.error.message).toMatch(/switched off/);
});

verifies(111, 'the curl example finds the server of the tool', async () => {
  const answer = await app.curl(`curl -X POST http://localhost:3000/api/mcp/tools/call \\
  -H "Content-Type: application/json" \\
  -d '{
    "toolName": "web_search",
    "arguments": {
      "query": "latest AI news"
    }
  }'`);
  expect(answer).toMatchObject({
    success: true,
    data: { success: true, content: 'Search results: latest AI news', metadata: { serverId: 'minimax-mcp' } },
  });
});

verifies(111, 'takes qualified names', async () => {
  for (const toolName of ['second/web_search', 'second__web_search']) {
    const { body } = await callAnywhere({ toolName, arguments: { query: 'q' } });
    expect(body.data.metadata, toolName).toMatchObject({ serverId: 'second', toolName: 'web_search' });
  }
});

verifies(111, 'a call without a tool name is MISSING_TOOL_NAME', async () => {
  for (const bad of [{}, { toolName: '' }, { toolName: 5 }, { arguments: {} }]) {
    const { status, body } = await callAnywhere(bad);
    expect([status, body.error.code], JSON.stringify(bad)).toEqual([400, 'MISSING_TOOL_NAME']);
  }
});

verifies(111, 'arguments of another type are INVALID_ARGUMENTS', async () => {
  for (const given of [[], 'text', 1]) {
    const { status, body } = await callAnywhere({ toolName: 'web_search', arguments: given });
    expect([status, body.error.code]).toEqual([400, 'INVALID_ARGUMENTS']);
  }
});

verifies(111, 'a tool that nobody has is TOOL_CALL_ERROR', async () => {
  const { status, body } = await callAnywhere({ toolName: 'no_such_tool' });
  expect([status, body.error.code]).toEqual([500, 'TOOL_CALL_ERROR']);
});
