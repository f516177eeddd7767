import { isObject } from '@switchboard/basics';
import { extensionsOf, tasksOf } from './extensions.ts';
import type { Fragment } from './fragment.ts';
import type { Catalog, EndpointSelection, JsonObject } from './types.ts';
import { notOn } from './upstream/failures.ts';

const features = ['tools', 'prompts', 'resources', 'logging', 'completions'] as const;
const listing = ['tools', 'prompts', 'resources'] as const;

/** Catalogs of the servers that were listed. */
export function catalogsOf(fragments: readonly Fragment[]): Catalog[] {
  return fragments.flatMap(({ catalog }) => catalog ?? []);
}

/** The features of servers that not every revision knows. */
function beyond(fragments: readonly Fragment[]): JsonObject {
  const all = {
    extensions: extensionsOf(fragments, 'extensions'),
    experimental: extensionsOf(fragments, 'experimental'),
    tasks: tasksOf(fragments),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The capabilities of an endpoint, for `initialize` and `server/discover`. */
export function capabilitiesOf({ prefixed }: EndpointSelection, fragments: readonly Fragment[]): JsonObject {
  const listed = fragments.filter(({ catalog }) => catalog !== null);
  const catalogs = catalogsOf(listed);
  const only = catalogs.length === 1 && !prefixed ? catalogs[0] : undefined;
  const merged: JsonObject = only === undefined ? beyond(listed) : { ...only.capabilities };
  if (only !== undefined && merged['extensions'] !== undefined && listed[0]?.narrowed === true) {
    // A caller who may use only some items of a server reaches none of its other methods, just as among several
    // servers.
    const extensions = extensionsOf(listed, 'extensions');
    if (extensions === undefined) delete merged['extensions'];
    else merged['extensions'] = extensions;
  }
  for (const key of features) {
    const parts = catalogs.map((catalog) => catalog.capabilities[key]).filter(isObject);
    if (parts.length > 0) merged[key] = Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
  }
  if (prefixed) merged['tools'] ??= {};
  // Switches and servers that come and go change the lists whatever a server itself announces.
  for (const key of listing) if (isObject(merged[key])) merged[key] = { ...merged[key], listChanged: true };
  return merged;
}

/** The servers' instructions; by server where there are several. */
export function instructionsOf(
  { endpoint, prefixed, servers }: EndpointSelection,
  fragments: readonly Fragment[],
): string | null {
  if (!prefixed && servers.length === 0) return notOn({ id: endpoint, desired: 'stopped' }).message;
  const parts = fragments.flatMap(({ server, catalog }) => {
    const text = catalog?.instructions ?? null;
    if (text === null || text === '') return [];
    return [prefixed ? `## ${server.alias ?? server.serverId}\n${text}` : text];
  });
  return parts.length === 0 ? null : parts.join('\n\n');
}
