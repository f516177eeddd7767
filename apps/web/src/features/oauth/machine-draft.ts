import type { Inputs } from '../../lib/trpc.ts';
import { isComplete, type GrantDraft } from './consent-draft.ts';

/** What the form of a machine client holds; the empty endpoint is that of all servers. */
export interface MachineDraft extends GrantDraft {
  name: string;
  endpoint: string;
}

export const scopeChoices = ['mcp:read', 'mcp:call'] as const;

export const emptyMachine: MachineDraft = {
  name: '',
  endpoint: '',
  scopes: [...scopeChoices],
  servers: null,
  tools: null,
};

/** Whether it can be sent. */
export function isReady(draft: MachineDraft): boolean {
  return draft.name.trim() !== '' && isComplete(draft);
}

/** What is sent to make it. */
export function toMachine({
  name,
  endpoint,
  scopes,
  servers,
  tools,
}: MachineDraft): Inputs['oauth']['machines']['create'] {
  return {
    name: name.trim(),
    endpoint: endpoint === '' ? null : endpoint,
    scopes,
    ...((servers ?? tools) && { bounds: { servers, tools } }),
  };
}
