import { z } from 'zod';
import { login as signIn, logout as signOut } from '@switchboard/core/access';
import { changePassword as setPassword } from '@switchboard/core/account';
import type { Problem, RouteAnswer } from '../kit/problem.ts';
import { route } from './dialect.ts';
import { LoginBody, Message, PasswordBody } from './wire.ts';

function wrongLogin(problem: Problem): RouteAnswer {
  return problem.details?.['mfaRequired'] === true ? {} : { message: '用户名或密码错误' };
}

export const login = route({
  method: 'POST',
  path: '/admin/login',
  aliases: ['/admin/api/login'],
  summary: 'Sign in',
  description:
    'Sets the session cookie of the hub, which its page and all of its APIs take too. An account with a second factor ' +
    'sends `mfa_code`. The body has at most 16,384 bytes.',
  auth: false,
  verbs: [signIn],
  errors: [400, 401, 429],
  answers: { unauthenticated: wrongLogin },
  example: { body: { username: 'admin', password: 'admin123' }, response: { message: '登录成功', username: 'admin' } },
})
  .input(LoginBody)
  .output(z.object({ message: z.string(), username: z.string() }))
  .mutation(async ({ ctx, input: { username, password, mfa_code: mfaCode } }) => {
    const { user, session } = await signIn(ctx.core, { username, password, ...(mfaCode !== undefined && { mfaCode }) });
    ctx.cookie.set(session.id, session.expiresAt);
    return { message: '登录成功', username: user.username };
  });

export const logout = route({
  method: 'GET',
  path: '/admin/logout',
  summary: 'Sign out',
  description: 'Ends the session behind the cookie and leads to the page where one signs in.',
  auth: false,
  status: 302,
  json: false,
  verbs: [],
  errors: [],
})
  .input(z.object({}))
  .output(Message)
  .query(async ({ ctx }) => {
    if (ctx.core.actor.type === 'user' && ctx.bearer === null) await signOut(ctx.core, {});
    ctx.cookie.clear();
    ctx.reply.location = '/ui/sign-in';
    return { message: '已退出登录' };
  });

export const changePassword = route({
  method: 'POST',
  path: '/admin/change-password',
  aliases: ['/admin/api/change-password'],
  summary: 'Change one’s password',
  description:
    'Ends every other session of the account. A password has 8 characters or more, and is none of the first that ' +
    'everybody tries.',
  verbs: [setPassword],
  errors: [400, 401, 403, 429],
  example: {
    body: { old_password: 'admin123', new_password: 'new_password_123' },
    response: { message: '密码修改成功' },
  },
})
  .input(PasswordBody)
  .output(Message)
  .mutation(async ({ ctx, input: { old_password: currentPassword, new_password: newPassword } }) => {
    await setPassword(ctx.core, { currentPassword, newPassword });
    return { message: '密码修改成功' };
  });
