import type { ConsentRequest, McpScope } from '../../lib/api-types.ts';
import type { Inputs } from '../../lib/trpc.ts';

/** What a person lets a program do: kinds of deeds, and where; null lists mean all that the endpoint shows. */
export interface GrantDraft {
  scopes: McpScope[];
  servers: string[] | null;
  tools: string[] | null;
}

/** All that was asked for, everywhere at the endpoint. */
export function draftOf({ scopes }: Pick<ConsentRequest, 'scopes'>): GrantDraft {
  return { scopes: [...scopes], servers: null, tools: null };
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
