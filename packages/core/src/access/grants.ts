import type { KeyBounds } from './subject.ts';

/**
 * The most that a grant may do on the account of its person: look and use, and never manage. Its own scopes narrow it.
 */
export const grantScopes: readonly string[] = ['read', 'execute'];

/** The bounds of a grant, like those of a key. The endpoint is checked apart, at the request. */
export function grantBounds(named: Pick<KeyBounds, 'servers' | 'tools'>): KeyBounds {
  return { endpoints: null, groups: null, resources: null, servers: named.servers, tools: named.tools };
}
