import { z } from 'zod';
import { login as signIn, logout as signOut, refresh as renew, verify as check } from '@switchboard/core/access';
import type { RefreshResult } from '@switchboard/core/access/schema';
import { route } from './dialect.ts';
import { auth } from './examples-access.ts';
import { iso, ok } from './map.ts';
import { envelope, HubLogin, HubLoginResult, HubLogout, HubRefresh, HubVerified } from './wire.ts';

function signedIn({ token, refreshToken, expiresIn, user, mustChangePassword }: RefreshResult) {
  return ok({ token, refreshToken, expiresIn, user, ...(mustChangePassword && { mustChangePassword }) });
}

export const login = route({
  method: 'POST',
  path: '/api/auth/login',
  summary: 'Sign in',
  description:
    'An account with a second factor needs `mfaCode`: the code of the app, or a recovery code. Without it, or with a ' +
    'wrong one, a right password answers 401 with `details.mfaRequired: true`: ask for the code and sign in again. A ' +
    'wrong name or password is 401 without it, and so is a disabled account. Guesses are slowed down (429). ' +
    ' An account with `mustChangePassword` signs in, and changes its password with ' +
    '`PUT /api/users/{userId}`. The body has at most 16,384 bytes.',
  auth: false,
  verbs: [signIn],
  errors: [400, 401, 422, 429],
  example: { response: auth.signedIn, body: { username: 'admin', password: 'password', mfaCode: '123456' } },
})
  .input(HubLogin)
  .output(envelope(HubLoginResult))
  .mutation(async ({ ctx, input: { username, password, mfaCode } }) =>
    signedIn(await signIn(ctx.core, { username, password, ...(mfaCode !== undefined && { mfaCode }) })),
  );

export const refresh = route({
  method: 'POST',
  path: '/api/auth/refresh',
  summary: 'Renew an access token',
  description:
    'A refresh token works once. One that comes back ends the sign-in it belongs to. The body has at most 16,384 bytes.',
  auth: false,
  verbs: [renew],
  errors: [400, 401, 422, 429],
  example: { response: auth.signedIn, body: { refreshToken: 'refresh_token_here' } },
})
  .input(HubRefresh)
  .output(envelope(HubLoginResult))
  .mutation(async ({ ctx, input }) => signedIn(await renew(ctx.core, input)));

export const logout = route({
  method: 'POST',
  path: '/api/auth/logout',
  summary: 'Sign out',
  description: 'Ends the session with its access and refresh tokens at once.',
  verbs: [signOut],
  errors: [401, 429],
  example: { body: { refreshToken: 'refresh_token_here' }, response: auth.signedOut },
})
  .input(HubLogout)
  .output(envelope(z.object({ ended: z.boolean() })))
  .mutation(async ({ ctx, input: { refreshToken } }) => {
    const ended = await signOut(ctx.core, refreshToken === undefined ? {} : { refreshToken });
    ctx.cookie.clear();
    return ok(ended);
  });

export const verify = route({
  method: 'GET',
  path: '/api/auth/verify',
  summary: 'Tell who the credentials stand for, and until when',
  verbs: [check],
  errors: [401, 429],
  example: { response: auth.verified },
})
  .input(z.object({}))
  .output(envelope(HubVerified))
  .query(async ({ ctx }) => {
    const { user, expiresAt } = await check(ctx.core, ctx.bearer === null ? {} : { token: ctx.bearer });
    return ok({ valid: true as const, user, expiresAt: expiresAt && iso(expiresAt) });
  });
