/** Words of paths under `/mcp/`, or at the start of a path: no server, group, app or graph may have them. */
const mcpWords = [
  'config',
  'status',
  'tools',
  'ai-generator-template',
  'ai-tools',
  'add',
  'remove',
  'generate',
  'register-tool',
  'test-tool',
  'connect',
  'disconnect',
];

const pathWords = [
  'api',
  'mcp',
  'sse',
  'message',
  'messages',
  'ws',
  'admin',
  'graphs',
  'chat',
  'models',
  'system',
  'prompt-template',
  'optimize-prompt-template',
  'health',
  'ready',
  'metrics',
  'docs',
  'openapi.json',
  'assets',
  'static',
  'ui',
  'trpc',
  'app',
  'sim',
  'v1',
  'hooks',
  'frames',
  'well-known',
  'oauth',
  'authorize',
  'token',
  'login',
  'public',
  // Names the endpoint of all servers.
  'all',
];

export const reservedNames: ReadonlySet<string> = new Set([...mcpWords, ...pathWords]);

/** Whether a slug would collide with a path; case does not matter. */
export function isReserved(slug: string): boolean {
  return reservedNames.has(slug.toLowerCase());
}
