import { object, text } from './script-tools.ts';
import { type Audience, createScript, type Json, type Script, type ScriptedTool } from './script.ts';

/** Where every app server has its interface: two of them meet there. */
export const VIEW = 'ui://view.html';
const TYPE = 'text/html;profile=mcp-app';

/** A server with user interfaces (MCP Apps), under URIs that the others of its kind have, too. */
export function createAppScript(name: string, audience: Audience): Script {
  const meta: Json = { ui: { resourceUri: VIEW }, 'ui/resourceUri': VIEW };
  const tools: ScriptedTool[] = [
    {
      name: 'show',
      description: 'Shows the view',
      inputSchema: object(),
      _meta: meta,
      run: () => ({
        content: [
          { type: 'resource', resource: { uri: VIEW, mimeType: TYPE, text: `<p>${name}` } },
          { type: 'resource_link', uri: 'ui://item/7', name: 'an item' },
          { type: 'text', text: `${VIEW} of ${name}` },
        ],
        _meta: meta,
      }),
    },
    {
      name: 'touch',
      description: 'Says that the view has changed',
      inputSchema: object(),
      run: () => {
        audience.resourceUpdated(VIEW);
        return text('touched');
      },
    },
  ];
  return {
    ...createScript(name, audience),
    tools: () => tools,
    resources: [{ uri: VIEW, name: 'The view', mimeType: TYPE }],
    templates: [{ uriTemplate: 'ui://item/{id}', name: 'Items', mimeType: TYPE }],
    readResource: (uri) =>
      uri === VIEW || uri.startsWith('ui://item/')
        ? { contents: [{ uri, mimeType: TYPE, text: `<p>${name} has ${uri}` }] }
        : null,
  };
}
