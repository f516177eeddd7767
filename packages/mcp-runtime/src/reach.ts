import type { Fragment } from './fragment.ts';
import { claimsInterface } from './separate-uris.ts';
import type { Catalog } from './types.ts';
import { templateForm, uriForm } from './uri-form.ts';
import { fitsFor, type Fits } from './uri-template.ts';
import type { View } from './view.ts';

/** A server to ask for a URI, which it knows as `uri`; `sure` where something says that it has it. */
export interface Candidate {
  serverId: string;
  uri: string;
  sure: boolean;
}

/** Whether a switch or filter forbids a URI at its server; what could not be found out is forbidden. */
function isOff(
  { server: { serverId }, off, resources, resourceTemplates }: Fragment,
  uri: string,
  fits: Fits,
): boolean {
  // A resource that is listed by exactly this name is on.
  if (off === null || resources.items.has(uri)) return false;
  const form = uriForm(uri);
  if (form === null || off.uris.has(form)) return true;
  const fitsForm = fitsFor(form);
  for (const template of off.templates) {
    if (fits(serverId, template) !== false || fitsForm(serverId, templateForm(template)) !== false) return true;
  }
  return off.restListed && ![...resourceTemplates.items.keys()].some((template) => fits(serverId, template) === true);
}

/**
 * Servers to ask for a URI, best first: the one whose name it carries; else the one that mentioned it in this session,
 * the one that lists it, those whose tools name it, those with a matching template, then every server with resources in
 * order. Without a session a mention comes after what is listed, so that no server can draw another's
 * resources to itself.
 */
export function resourceCandidates(
  view: View,
  uri: string,
  mentions: { readonly first: boolean; get(uri: string): string | undefined } | null,
  catalogOf: (serverId: string) => Catalog | null,
): Candidate[] {
  const marked = view.unmark(uri);
  if (marked !== null) {
    const fragment = view.at(marked.serverId);
    const off = fragment === undefined || isOff(fragment, marked.uri, fitsFor(marked.uri));
    return off ? [] : [{ ...marked, sure: true }];
  }
  const found = new Set<string>();
  const named = mentions?.get(uri);
  const mentionedBy = named !== undefined && view.at(named) !== undefined ? named : null;
  if (mentionedBy !== null && mentions?.first === true) found.add(mentionedBy);
  const listed = view.listerOf(uri);
  if (listed !== undefined) found.add(listed);
  for (const fragment of view.fragments) if (claimsInterface(fragment, uri)) found.add(fragment.server.serverId);
  const fits = fitsFor(uri);
  for (const { serverId, template } of view.templates) {
    if (!found.has(serverId) && fits(serverId, template) === true) found.add(serverId);
  }
  if (mentionedBy !== null) found.add(mentionedBy);
  const sure = found.size > 0;
  const ids = sure ? [...found] : view.serverIds.filter((id) => catalogOf(id)?.capabilities['resources'] !== undefined);
  return ids.flatMap((serverId) => {
    const fragment = view.at(serverId);
    return fragment === undefined || isOff(fragment, uri, fits) ? [] : [{ serverId, uri, sure }];
  });
}
