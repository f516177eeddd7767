import { login as signIn } from '@switchboard/core';
import { route } from './dialect.ts';
import { ok } from './map.ts';
import { envelope, HubLogin, HubLoginResult } from './wire.ts';

export const login = route({
  method: 'POST',
  path: '/api/auth/login',
  summary: 'Sign in',
  auth: false,
  errors: [400, 401, 422, 429],
  example: { body: { username: 'admin', password: 'password' } },
})
  .input(HubLogin)
  .output(envelope(HubLoginResult))
  .mutation(async ({ ctx, input: { username, password, mfaCode } }) => {
    const result = await signIn(ctx.core, { username, password, ...(mfaCode !== undefined && { mfaCode }) });
    const { token, refreshToken, expiresIn, user } = result;
    return ok({ token, refreshToken, expiresIn, user });
  });
