import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';

/** Whoever began something, as far as that one is still there: rights are those of now. Null user: the hub's own admin. */
export function actorBehind(
  ctx: Pick<Ctx, 'access' | 'policy'>,
  { userId, keyId }: { userId: string | null; keyId: string | null },
): Actor | null {
  const { directory } = ctx.access;
  if (userId === null) return ctx.policy.authMode === 'open' ? { type: 'local' } : null;
  const user = directory.user(userId);
  if (!user || user.disabled) return null;
  const { username, role } = user;
  if (keyId === null) return { type: 'user', id: userId, username, role, sessionId: '' };
  const key = directory.key(keyId);
  if (!key) return null;
  const { scopes, endpoints, groups, servers, tools, resources } = key;
  return {
    type: 'key',
    id: keyId,
    userId,
    username,
    role,
    scopes,
    bounds: { endpoints, groups, servers, tools, resources },
  };
}
