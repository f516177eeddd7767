import { pathToFileURL } from 'node:url';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { listen } from './node-web.ts';

/** A server that tells what it was sent besides the arguments of a call: `_meta`, and headers where there are any. */
function createSeenServer(): McpServer {
  const server = new McpServer({ name: 'seen', version: '1' });
  server.registerTool('seen', { inputSchema: { secret: z.string().optional() } }, (_args, { _meta, requestInfo }) => ({
    content: [{ type: 'text', text: JSON.stringify({ meta: _meta ?? {}, headers: requestInfo?.headers ?? {} }) }],
  }));
  server.registerTool('fail', { inputSchema: { secret: z.string().optional() } }, ({ secret = '' }) => ({
    content: [{ type: 'text', text: `No luck with ${secret}` }],
    isError: true,
  }));
  return server;
}

/** Serves it over streamable HTTP, each request alone. */
export async function serveSeenHttp() {
  const listening = await listen((request, response) => {
    void (async () => {
      const transport = new StreamableHTTPServerTransport({});
      await createSeenServer().connect(transport);
      await transport.handleRequest(request, response);
    })();
  });
  return { url: `${listening.origin}/mcp`, [Symbol.asyncDispose]: listening.close };
}

/** How it is started as a program. */
export const seenProgram = { command: process.execPath, args: [import.meta.filename] };

if (pathToFileURL(process.argv[1] ?? '').href === import.meta.url) {
  await createSeenServer().connect(new StdioServerTransport());
}
