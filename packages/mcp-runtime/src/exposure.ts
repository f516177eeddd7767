import type { ExposedItem, Exposure } from './types.ts';
import type { Routes, View } from './view.ts';

/** Characters of English text and JSON that make up one token, on average over common models. */
const charactersAToken = 3.6;

/** A rough count, good enough to compare endpoints: other scripts take about a token for each character. */
export function estimateTokens(text: string): number {
  let other = 0;
  for (const character of text) if (character > '\u024f') other++;
  return Math.ceil((text.length - other) / charactersAToken + other);
}

function exposed(routes: Routes): ExposedItem[] {
  return [...routes].map(([exposedName, { serverId, name, definition }]) => {
    // Clients give models a tool's name, description and input schema; the rest stays with the client.
    const { description, inputSchema } = definition;
    const tokens = estimateTokens(JSON.stringify({ name: exposedName, description, inputSchema }));
    return { serverId, name, exposedName, definition, tokens };
  });
}

/** The items of a view, and their cost in a model's context. */
export function exposureOf(view: View): Exposure {
  const tools = exposed(view.tools);
  const instructions = estimateTokens(view.instructions() ?? '');
  return {
    tools,
    prompts: exposed(view.prompts),
    resources: new Set(view.shown.flatMap(({ resources }) => [...resources.items.keys()])).size,
    resourceTemplates: view.templates.length,
    tokens: tools.reduce((sum, tool) => sum + tool.tokens, instructions),
    collisions: view.collisions(),
    duplicates: view.duplicates(),
  };
}
