import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { readCredential, type Credential } from './credential.ts';
import type { Directory } from './directory.ts';
import { grantBounds } from './grants.ts';

type Identities = Pick<Directory, 'user' | 'key' | 'grant'>;

/**
 * The actor behind a credential, with its present rights; null where the credential is no longer valid, and for the
 * anonymous caller.
 */
export function actorOf(directory: Identities, credential: Credential): Actor | null {
  if (credential.type === 'local' || credential.type === 'system') return credential;
  if (credential.type === 'anonymous') return null;
  const { userId } = credential;
  const user = directory.user(userId);
  if (!user || user.disabled) return null;
  const { username, role } = user;
  if (credential.type === 'user') return { type: 'user', id: userId, username, role, sessionId: '' };
  if (credential.type === 'grant') {
    const grant = directory.grant(credential.grantId);
    if (grant?.userId !== userId) return null;
    const { id, scopes, endpoint, servers, tools } = grant;
    return { type: 'grant', id, userId, username, role, scopes, endpoint, bounds: grantBounds({ servers, tools }) };
  }
  const key = directory.key(credential.keyId);
  if (key?.userId !== userId) return null;
  const { id, scopes, endpoints, groups, servers, tools, resources } = key;
  return {
    type: 'key',
    id,
    userId,
    username,
    role,
    scopes,
    bounds: { endpoints, groups, servers, tools, resources },
  };
}

/** The actor who started something, where it still exists. Null user: the hub's own admin. */
export function actorBehind(
  ctx: Pick<Ctx, 'access' | 'policy'>,
  { userId, keyId }: { userId: string | null; keyId: string | null },
): Actor | null {
  if (userId === null) return ctx.policy.authMode === 'open' ? { type: 'local' } : null;
  const { directory } = ctx.access;
  if (keyId === null) return actorOf(directory, { type: 'user', userId, sid: '' });
  const isGrant = directory.grant(keyId) !== undefined;
  return actorOf(directory, isGrant ? { type: 'grant', userId, grantId: keyId } : { type: 'key', userId, keyId });
}

/** The actor behind a call of the runtime. */
export function callerOf(directory: Identities, credential: string): Actor | null {
  return actorOf(directory, readCredential(credential));
}
