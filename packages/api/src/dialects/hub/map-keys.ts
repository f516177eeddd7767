import type { z } from 'zod';
import type { CreateKey, ApiKey, UpdateKey } from '@switchboard/core/keys/schema';
import { given, iso } from './map.ts';
import type { HubCreateKey, HubKey, HubUpdateKey } from './wire-keys.ts';

export function toHubKey({ scopes, createdAt, expiresAt, lastUsedAt, username: _username, ...key }: ApiKey): HubKey {
  return {
    ...key,
    permissions: scopes,
    createdAt: iso(createdAt),
    expiresAt: expiresAt && iso(expiresAt),
    lastUsedAt: lastUsedAt && iso(lastUsedAt),
  };
}

export function fromHubCreateKey({ permissions, expiresAt, ...key }: HubCreateKey): z.input<typeof CreateKey> {
  return {
    ...given(key),
    name: key.name,
    scopes: permissions,
    ...(expiresAt && { expiresAt }),
  };
}

export function fromHubUpdateKey({ keyId, permissions, ...patch }: HubUpdateKey): z.input<typeof UpdateKey> {
  return {
    ...given(patch),
    id: keyId,
    ...(permissions && { scopes: permissions }),
  };
}
