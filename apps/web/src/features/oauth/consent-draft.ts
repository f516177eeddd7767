import type { ConsentRequest, McpScope } from '../../lib/api-types.ts';
import type { Inputs } from '../../lib/trpc.ts';

/** What a person lets a program do: kinds of deeds, and where; null lists mean all that the endpoint shows. */
export interface GrantDraft {
  scopes: McpScope[];
  servers: string[] | null;
  tools: string[] | null;
}

/** All that was asked for, everywhere at the endpoint, or where the program is confined to already. */
export function draftOf({ scopes, has }: Pick<ConsentRequest, 'scopes' | 'has'>): GrantDraft {
  return { scopes: [...scopes], servers: has?.bounds.servers ?? null, tools: has?.bounds.tools ?? null };
}

/** Whether the endpoint is one that the person sees; the one of all servers always is. */
export function isThere({ endpoint }: Pick<ConsentRequest, 'endpoint'>): boolean {
  return endpoint.slug === null || endpoint.title !== null;
}

/** Whether there is anything left that is allowed. */
export function isComplete({ scopes, servers, tools }: GrantDraft): boolean {
  return scopes.length > 0 && servers?.length !== 0 && tools?.length !== 0;
}

/** What is sent where the person allows it. */
export function decisionOf({ uid }: Pick<ConsentRequest, 'uid'>, draft: GrantDraft): Inputs['oauth']['decide'] {
  const { scopes, servers, tools } = draft;
  const bounds = { ...(servers && { servers }), ...(tools && { tools }) };
  return { uid, allow: true, scopes, ...(Object.keys(bounds).length > 0 && { bounds }) };
}
