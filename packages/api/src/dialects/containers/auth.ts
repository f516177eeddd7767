import { z } from 'zod';
import { issueToken } from '@switchboard/core/access';
import { getAccount } from '@switchboard/core/account';
import { register as registerUser } from '@switchboard/core/users';
import type { Problem, RouteAnswer } from '../kit/problem.ts';
import { route } from './dialect.ts';
import { accounts } from './examples.ts';
import { localAccount, toAccountUser } from './map.ts';
import { AccountUser, RegisterBody, Token, TokenForm } from './wire.ts';

function wrongLogin(problem: Problem): RouteAnswer {
  return problem.details?.['mfaRequired'] === true ? {} : { message: '用户名或密码不正确' };
}

export const register = route({
  method: 'POST',
  path: '/api/auth/register',
  summary: 'Register a user',
  description:
    'Where registration is open. The account is a `user` without grants: it may add servers by URL and use what groups ' +
    'give it later. Containers and stacks take the grant `container.manage`, which an admin gives. A password has 8 ' +
    'characters or more, and is none of the first that everybody tries. The body has at most 16,384 bytes.',
  auth: false,
  verbs: [registerUser],
  errors: [400, 403, 422, 429],
  answers: { conflict: { status: 400, message: '用户名已存在' } },
  example: {
    response: accounts.user,
    body: { username: 'zhangsan', password: 'securepassword', email: 'z@example.com', full_name: '张三' },
  },
})
  .input(RegisterBody)
  .output(AccountUser)
  .mutation(async ({ ctx, input: { full_name: fullName, ...input } }) =>
    toAccountUser(await registerUser(ctx.core, { ...input, fullName })),
  );

export const token = route({
  method: 'POST',
  path: '/api/auth/token',
  summary: 'Get an access token for half an hour',
  description:
    'OAuth 2’s password form: the body is `application/x-www-form-urlencoded`, not JSON, of at most 16,384 bytes. There is ' +
    'no refresh token: `POST /api/auth/login` gives tokens that can be renewed. All APIs take both. An account with a ' +
    'second factor sends `mfa_code` too; without it, or with a wrong one, a right password answers 401 with a ' +
    '`detail` that asks for the code.',
  auth: false,
  form: 'only',
  verbs: [issueToken],
  errors: [401, 422, 429],
  answers: { unauthenticated: wrongLogin },
  example: {
    body: { grant_type: 'password', username: 'zhangsan', password: 'securepassword' },
    response: accounts.token,
  },
})
  .input(TokenForm)
  .output(Token)
  .mutation(async ({ ctx, input: { username, password, mfa_code: mfaCode } }) => {
    const issued = await issueToken(ctx.core, { username, password, ...(mfaCode !== undefined && { mfaCode }) });
    return { access_token: issued.token, token_type: 'bearer' as const };
  });

export const me = route({
  method: 'GET',
  path: '/api/auth/me',
  summary: 'Show who is signed in',
  verbs: [getAccount],
  errors: [400, 401],
  example: { response: accounts.user },
})
  .input(z.object({}))
  .output(AccountUser)
  .query(async ({ ctx: { core } }) =>
    core.actor.type === 'local' ? localAccount(core) : toAccountUser(await getAccount(core, {})),
  );
