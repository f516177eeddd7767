import { expect, test } from 'vitest';
import { corsHeaders } from './cors.ts';
import { findMcpTarget } from './mcp-target.ts';

test.each([
  ['/mcp', { endpoint: 'all', route: 'streamable' }],
  ['/mcp/', { endpoint: 'all', route: 'streamable', slash: true }],
  ['/mcp/demo/', { endpoint: 'demo', route: 'streamable', slash: true }],
  ['/mcp/demo', { endpoint: 'demo', route: 'streamable' }],
  ['/mcp/%E6%96%B0', { endpoint: '新', route: 'streamable' }],
  ['/sse', { endpoint: 'all', route: 'sse' }],
  ['/sse/demo', { endpoint: 'demo', route: 'sse' }],
  ['/messages', { endpoint: 'all', route: 'messages' }],
])('%s is an MCP path', (path, target) => {
  expect(findMcpTarget(path)).toEqual(target);
});

test.each(['/', '/mcpx', '/mcp/a/b', '/api/mcp', '/mcp/%zz', '/ui/mcp'])('%s is none', (path) => {
  expect(findMcpTarget(path)).toBeNull();
});

test('only allowed origins get CORS headers', () => {
  expect(corsHeaders(['https://page.example.com'], 'https://page.example.com')).toMatchObject({
    'access-control-allow-origin': 'https://page.example.com',
  });
  expect(corsHeaders(['https://page.example.com'], 'https://other.example.com')).toEqual({});
  expect(corsHeaders([], undefined)).toEqual({});
});
