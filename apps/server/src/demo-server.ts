import { McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { addTools } from './demo/tools.ts';

/** The built-in demo: an MCP server over stdio that needs no network and shows what a server can offer. */

const guide = `# The demo server

It runs on this machine and needs no network. Try its tools in the playground:

- echo: the smallest tool there is
- weather_report: structured output with a schema
- draw_pattern: an image
- count_down: progress, and a call that can be cancelled
- book_table: asks you a question before it answers
`;

const notes: Readonly<Record<string, string>> = {
  welcome: 'Welcome! This note comes from a resource template.',
  protocol: 'The hub speaks every protocol revision from 2024-11-05 to 2026-07-28 on both sides.',
};

function addResources(server: McpServer): void {
  const mimeType = 'text/markdown';
  server.registerResource(
    'guide',
    'demo://guide',
    { title: 'Guide', description: 'What this server offers', mimeType },
    (uri) => ({ contents: [{ uri: uri.href, mimeType, text: guide }] }),
  );
  server.registerResource(
    'note',
    new ResourceTemplate('demo://notes/{name}', {
      list: undefined,
      complete: { name: (value) => Object.keys(notes).filter((name) => name.startsWith(value)) },
    }),
    { title: 'Note', description: 'A note by name: welcome or protocol', mimeType: 'text/plain' },
    (uri, { name }) => ({
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: notes[String(name)] ?? 'There is no such note.' }],
    }),
  );
}

function createDemoServer(): McpServer {
  const server = new McpServer(
    { name: 'switchboard-demo', title: 'Switchboard demo', version: '1.0.0' },
    { instructions: 'A playground: nothing here has an effect on anything.', capabilities: { logging: {} } },
  );
  addTools(server);
  addResources(server);
  server.registerPrompt(
    'introduce',
    {
      title: 'Introduce yourself',
      description: 'Asks a model to introduce these tools to somebody',
      argsSchema: z.object({ audience: z.string().describe('Who listens, for example children') }),
    },
    ({ audience }) => ({
      messages: [
        { role: 'user', content: { type: 'text', text: `Introduce your tools to ${audience}, in three sentences.` } },
      ],
    }),
  );
  return server;
}

serveStdio(createDemoServer);
