import { login, logout, type Actor } from '@switchboard/core';
import { Login } from '@switchboard/core/access/schema';
import type { ApiContext } from '../context.ts';
import { authed, open, router } from '../trpc.ts';

const local = { id: 'local', username: 'admin', role: 'admin' } as const;

function toUser(actor: Actor) {
  if (actor.type === 'local') return local;
  if (actor.type === 'user') return { id: actor.id, username: actor.username, role: actor.role };
  return actor.type === 'key' ? { id: actor.userId, username: actor.username, role: actor.role } : null;
}

const me = ({ core, instance, settings }: ApiContext) => ({
  user: toUser(core.actor),
  authMode: settings.authMode,
  instance,
});

export const auth = router({
  me: open.query(({ ctx }) => me(ctx)),
  login: open.input(Login).mutation(async ({ ctx, input }) => {
    const { user, session } = await login(ctx.core, input);
    ctx.cookie.set(session.id, session.expiresAt);
    return { user: { id: user.id, username: user.username, role: user.role } };
  }),
  logout: authed.mutation(async ({ ctx }) => {
    await logout(ctx.core, {});
    ctx.cookie.clear();
    return { ok: true };
  }),
});
