import { object, text } from './script-tools.ts';
import type { Audience, Json, ScriptedTool } from './script-types.ts';
import { createScript, type Script } from './script.ts';

/** Where every app server has its interface: two of them meet there. */
export const view = 'ui://view.html';
const type = 'text/html;profile=mcp-app';

/** A server with user interfaces (MCP Apps), under URIs that the others of its kind have, too. */
export function createAppScript(name: string, audience: Audience): Script {
  const meta: Json = { ui: { resourceUri: view }, 'ui/resourceUri': view };
  const tools: ScriptedTool[] = [
    {
      name: 'show',
      description: 'Shows the view',
      inputSchema: object(),
      _meta: meta,
      run: () => ({
        content: [
          { type: 'resource', resource: { uri: view, mimeType: type, text: `<p>${name}` } },
          { type: 'resource_link', uri: 'ui://item/7', name: 'an item' },
          { type: 'text', text: `${view} of ${name}` },
        ],
        _meta: meta,
      }),
    },
    {
      name: 'touch',
      description: 'Says that the view has changed',
      inputSchema: object(),
      run: () => {
        audience.resourceUpdated(view);
        return text('touched');
      },
    },
  ];
  return {
    ...createScript(name, audience),
    tools: () => tools,
    resources: [{ uri: view, name: 'The view', mimeType: type }],
    templates: [{ uriTemplate: 'ui://item/{id}', name: 'Items', mimeType: type }],
    readResource: (uri) =>
      uri === view || uri.startsWith('ui://item/')
        ? { contents: [{ uri, mimeType: type, text: `<p>${name} has ${uri}` }] }
        : null,
  };
}
