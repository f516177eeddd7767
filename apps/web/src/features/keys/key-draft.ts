import type { ApiKey } from '../../lib/api-types.ts';
import type { Inputs } from '../../lib/trpc.ts';

const dayMs = 86_400_000;

/** `keep`: the end it has stays. */
export const lifetimes = ['0', '7', '30', '90', '365'] as const;
export type Lifetime = (typeof lifetimes)[number] | 'keep';

export const keyKinds = ['read', 'execute', 'manage'] as const;
/** For Prometheus; only who may read the metrics can give it to a key. */
export const metricsScope = 'metrics.read';

/** What the forms of a key hold; null lists mean any. */
export interface KeyDraft {
  name: string;
  days: Lifetime;
  scopes: string[];
  endpoints: string[] | null;
  groups: string[] | null;
  servers: string[] | null;
  tools: string[] | null;
  resources: string[] | null;
  callsPerMinute: string;
}

export const emptyDraft: KeyDraft = {
  name: '',
  days: '0',
  scopes: [...keyKinds],
  endpoints: null,
  groups: null,
  servers: null,
  tools: null,
  resources: null,
  callsPerMinute: '',
};

export function toDraft(key: ApiKey): KeyDraft {
  return {
    name: key.name,
    days: 'keep',
    scopes: key.scopes.includes('*') ? [...keyKinds] : [...key.scopes],
    endpoints: key.endpoints,
    groups: key.groups,
    servers: key.servers,
    tools: key.tools,
    resources: key.resources,
    callsPerMinute: key.callsPerMinute === null ? '' : String(key.callsPerMinute),
  };
}

function toScopes(scopes: string[]) {
  return keyKinds.every((kind) => scopes.includes(kind)) ? ['*'] : scopes;
}

function shared(draft: KeyDraft) {
  const calls = draft.callsPerMinute.trim();
  return {
    name: draft.name,
    scopes: toScopes(draft.scopes),
    endpoints: draft.endpoints,
    groups: draft.groups,
    servers: draft.servers,
    tools: draft.tools,
    resources: draft.resources,
    callsPerMinute: calls === '' ? null : Number(calls),
  };
}

function endOf(days: Lifetime) {
  return new Date(Date.now() + Number(days) * dayMs).toISOString();
}

export function toCreate(draft: KeyDraft): Inputs['keys']['create'] {
  const forever = draft.days === '0' || draft.days === 'keep';
  return { ...shared(draft), ...(forever ? {} : { expiresAt: endOf(draft.days) }) };
}

export function toUpdate(id: string, draft: KeyDraft): Inputs['keys']['update'] {
  const end = draft.days === 'keep' ? {} : { expiresAt: draft.days === '0' ? null : endOf(draft.days) };
  return { id, ...shared(draft), ...end };
}

/** True where a key may less than its owner. */
export function isBound(
  key: Pick<ApiKey, 'scopes' | 'endpoints' | 'groups' | 'servers' | 'tools' | 'resources'>,
): boolean {
  return (
    !key.scopes.some((scope) => scope === '*' || scope === '*:*') ||
    [key.endpoints, key.groups, key.servers, key.tools, key.resources].some((list) => list !== null)
  );
}
