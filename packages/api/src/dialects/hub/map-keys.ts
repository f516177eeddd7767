import type { CreateKey, ApiKey, UpdateKey } from '@switchboard/core/keys/schema';
import type { z } from 'zod';
import { given, iso } from './map.ts';
import type { HubCreateKey, HubKey, HubUpdateKey } from './wire-keys.ts';

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
  scopes: permissions,
  ...(expiresAt && { expiresAt }),
});

export const fromHubUpdateKey = ({ keyId, permissions, ...patch }: HubUpdateKey): z.input<typeof UpdateKey> => ({
  ...given(patch),
  id: keyId,
  ...(permissions && { scopes: permissions }),
});
