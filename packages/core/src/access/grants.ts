import type { KeyBounds } from './subject.ts';

/** What a grant may do on the account of its person: look and use, and never manage. Its own scopes say more. */
export const grantScopes: readonly string[] = ['read', 'execute'];

/** What a grant is confined to, as a key is. The endpoint is asked apart, where the grant comes in. */
export function grantBounds(named: Pick<KeyBounds, 'servers' | 'tools'>): KeyBounds {
  return { endpoints: null, groups: null, resources: null, servers: named.servers, tools: named.tools };
}
