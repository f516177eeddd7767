import { completable, type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { embedded, image, png, text } from './fixtures.ts';

/** Resources, templates and prompts with fixed content. */

function user(content: ReturnType<typeof text>) {
  return { role: 'user' as const, content };
}

function startingWith(words: string[]) {
  return (value: string | undefined): string[] => words.filter((word) => word.startsWith(value ?? ''));
}

export function addResources(server: McpServer): void {
  const plain = { mimeType: 'text/plain' };
  server.registerResource(
    'static-text',
    'test://static-text',
    { description: 'A text that does not change', ...plain },
    (uri) => ({ contents: [{ uri: uri.href, ...plain, text: 'This is the content of the static text resource.' }] }),
  );
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { description: 'An image that does not change', mimeType: 'image/png' },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: 'image/png', blob: png }] }),
  );
  server.registerResource(
    'watched-resource',
    'test://watched-resource',
    { description: 'A resource to subscribe to', ...plain },
    (uri) => ({ contents: [{ uri: uri.href, ...plain, text: 'Watch me' }] }),
  );
  server.registerResource(
    'template-data',
    new ResourceTemplate('test://template/{id}/data', {
      list: undefined,
      complete: { id: startingWith(['123', '124', '200']) },
    }),
    { description: 'Data by id', mimeType: 'application/json' },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
}

export function addPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'A prompt without arguments' }, () => ({
    messages: [user(text('This is a simple prompt for testing.'))],
  }));
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'A prompt with two arguments',
      argsSchema: z.object({
        arg1: completable(
          z.string().describe('First test argument'),
          startingWith(['paris', 'park', 'party', 'test', 'testing']),
        ),
        arg2: z.string().describe('Second test argument'),
      }),
    },
    ({ arg1, arg2 }) => ({ messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    {
      description: 'A prompt that carries a resource',
      argsSchema: z.object({ resourceUri: z.string().describe('URI of the resource to embed') }),
    },
    ({ resourceUri }) => ({
      messages: [
        user(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.')),
        user(text('Please process the embedded resource above.')),
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'A prompt that carries an image' }, () => ({
    messages: [user(image()), user(text('Please analyze the image above.'))],
  }));
}
