import { fromJsonSchema, type McpServer } from '@modelcontextprotocol/server';
import { embedded, image, pause, text, wav } from './fixtures.ts';

/** Every JSON Schema 2020-12 keyword that a gateway may be tempted to drop. */
const schema202012 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** The argument travels in the header `Mcp-Param-Region` as well. */
const headerSchema = {
  type: 'object' as const,
  properties: { region: { type: 'string', description: 'Where to look', 'x-mcp-header': 'Region' } },
  required: ['region'],
};

/** Tools whose result is plain data: text, image, audio, resources, errors. */
export function addContentTools(server: McpServer): void {
  server.registerTool('test_simple_text', { description: 'Returns one text block' }, () => ({
    content: [text('This is a simple text response for testing.')],
  }));
  server.registerTool('test_image_content', { description: 'Returns one image block' }, () => ({
    content: [image()],
  }));
  server.registerTool('test_audio_content', { description: 'Returns one audio block' }, () => ({
    content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
  }));
  server.registerTool('test_embedded_resource', { description: 'Returns one embedded resource' }, () => ({
    content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }));
  server.registerTool('test_multiple_content_types', { description: 'Returns text, image and resource' }, () => ({
    content: [
      text('Multiple content types test:'),
      image(),
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }));
  server.registerTool('test_error_handling', { description: 'Always fails' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Tool with JSON Schema 2020-12 features', inputSchema: fromJsonSchema(schema202012) },
    (args) => ({ content: [text(JSON.stringify(args))] }),
  );
  server.registerTool(
    'test_header_parameter',
    {
      description: 'Takes an argument that travels in a request header as well',
      inputSchema: fromJsonSchema<{ region: string }>(headerSchema),
    },
    ({ region }) => ({ content: [text(`region=${region}`)] }),
  );
}

/** Tools that talk while they run: progress, log messages, and a stream that ends early. */
export function addStreamingTools(server: McpServer): void {
  server.registerTool('test_tool_with_progress', { description: 'Reports progress 0, 50, 100' }, async (ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progress > 0) await pause(50, ctx.mcpReq.signal);
      if (progressToken !== undefined) {
        await ctx.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100, message: `${progress} of 100` },
        });
      }
    }
    return { content: [text('Progress reported')] };
  });
  async function logs(ctx: Parameters<Parameters<typeof server.registerTool>[2]>[1]): Promise<void> {
    await ctx.mcpReq.log('info', 'Tool execution started');
    await pause(50, ctx.mcpReq.signal);
    await ctx.mcpReq.log('info', 'Tool processing data');
    await pause(50, ctx.mcpReq.signal);
    await ctx.mcpReq.log('info', 'Tool execution completed');
  }
  for (const name of ['test_tool_with_logging', 'test_logging_tool']) {
    server.registerTool(name, { description: 'Sends three log messages' }, async (ctx) => {
      await logs(ctx);
      return { content: [text('Logged three messages')] };
    });
  }
  server.registerTool(
    'test_reconnection',
    { description: 'Ends its event stream before the answer, so the client has to come back for it' },
    async (ctx) => {
      ctx.http?.closeSSE?.();
      await pause(150, ctx.mcpReq.signal);
      return { content: [text('Answered after the stream was resumed')] };
    },
  );
}
