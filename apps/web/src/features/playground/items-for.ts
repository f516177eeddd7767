import type { Callable, ServerItems } from '../../lib/api-types.ts';
import type { Method } from '../../lib/calls/methods.ts';

/** What a server offers to be called in this way; `offered`: tools that only clients get that can be asked. */
export function itemsFor(
  method: Method,
  items: ServerItems | undefined,
  offered: Callable[] = [],
): Callable[] | undefined {
  if (!items) return undefined;
  if (method === 'tools/call') {
    const known = new Set(items.tools.map(({ name }) => name));
    return [...items.tools, ...offered.filter(({ name }) => !known.has(name))];
  }
  return method === 'prompts/get' ? items.prompts : [...items.resources, ...items.templates];
}

/** A resource that no list names, for example one a tool's result linked to. */
function unlisted(uri: string): Callable {
  return {
    type: 'resource',
    name: uri,
    title: null,
    description: null,
    enabled: true,
    definition: { uri },
  };
}

/** What is called by its name; a resource may be one that no list names. */
export function chosenItem(
  method: Method,
  list: readonly Callable[] | undefined,
  name: string | undefined,
): Callable | undefined {
  const listed = list?.find((each) => each.name === name);
  return listed ?? (method === 'resources/read' && list && name !== undefined ? unlisted(name) : undefined);
}
