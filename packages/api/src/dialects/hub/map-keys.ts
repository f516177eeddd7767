import type { CreateKey, ApiKey, UpdateKey } from '@switchboard/core/keys/schema';
import type { z } from 'zod';
import { given, iso } from './map.ts';
import type { HubCreateKey, HubKey, HubUpdateKey } from './wire-keys.ts';

/** The documented words, and what the hub's own permissions call them. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  '*:*': ['*'],
  '*:read': ['read'],
  '*:execute': ['execute'],
  '*:write': ['manage'],
  'servers:read': ['server.read', 'server.inspect', 'server.logs'],
  'servers:execute': ['server.read', 'server.inspect', 'server.use', 'server.operate'],
  'tools:read': ['server.read', 'server.inspect'],
  'tools:execute': ['server.read', 'server.inspect', 'server.use', 'group.use'],
  'groups:read': ['group.read'],
  'users:read': ['user.read', 'user.list', 'user.find'],
};

/** `groups:write` and `groups:*` alike: who may change something sees it too. */
function toScopes(permission: string): readonly string[] {
  const known = scopesOf[permission];
  if (known) return known;
  const [resource, action] = permission.split(':');
  return action === undefined ? [permission] : [`${resource?.replace(/s$/, '')}.*`];
}

const allScopes = (permissions: readonly string[]): string[] => [...new Set(permissions.flatMap(toScopes))];

export const toHubKey = ({
  scopes,
  createdAt,
  expiresAt,
  lastUsedAt,
  username: _username,
  ...key
}: ApiKey): HubKey => ({
  ...key,
  permissions: scopes,
  createdAt: iso(createdAt),
  expiresAt: expiresAt && iso(expiresAt),
  lastUsedAt: lastUsedAt && iso(lastUsedAt),
});

export const fromHubCreateKey = ({ permissions, expiresAt, ...key }: HubCreateKey): z.input<typeof CreateKey> => ({
  ...given(key),
  name: key.name,
  scopes: allScopes(permissions),
  ...(expiresAt && { expiresAt }),
});

export const fromHubUpdateKey = ({ keyId, permissions, ...patch }: HubUpdateKey): z.input<typeof UpdateKey> => ({
  ...given(patch),
  id: keyId,
  ...(permissions && { scopes: allScopes(permissions) }),
});
