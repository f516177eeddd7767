import type { Catalog } from '../types.ts';

const made = new WeakMap<Catalog, Catalog>();

/**
 * What everybody may know of a server whose instances belong to people, from the lists of one of them: its tools. Resources
 * and prompts are named after what is in that one's account, and each person is told the own ones.
 */
export function sharedLists(catalog: Catalog): Catalog {
  const { prompts, resources, resourceTemplates } = catalog;
  if (prompts.length + resources.length + resourceTemplates.length === 0) return catalog;
  const known = made.get(catalog) ?? { ...catalog, prompts: [], resources: [], resourceTemplates: [] };
  made.set(catalog, known);
  return known;
}
