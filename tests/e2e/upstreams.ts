import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** The program of an official MCP server, as people paste it into a client's config. */
export function officialServer(name: string, ...args: string[]): { command: string; args: string[] } {
  const manifest = require.resolve(`@modelcontextprotocol/server-${name}/package.json`);
  return { command: process.execPath, args: [path.join(path.dirname(manifest), 'dist/index.js'), ...args] };
}
