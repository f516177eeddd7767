import { z } from 'zod';
import { confirmTotp, enrolTotp, removeTotp } from '@switchboard/core/account';
import { route } from './dialect.ts';
import { mfa } from './examples-access.ts';
import { ok } from './map.ts';
import { HubEnableMfa, HubMfaCode, HubMfaEnabled, HubMfaEnrolment, HubMfaPassword } from './wire-keys.ts';
import { envelope } from './wire.ts';

export const enable = route({
  method: 'POST',
  path: '/api/auth/mfa/enable',
  summary: 'Begin with a second factor',
  description: 'It counts once `/api/auth/mfa/verify` got a code of the app.',
  beyond: true,
  verbs: [enrolTotp],
  errors: [400, 401, 403, 409, 422, 429],
  example: { response: mfa.begun, body: { type: 'totp', appName: 'MCPHub', password: 'password' } },
})
  .input(HubEnableMfa)
  .output(envelope(HubMfaEnrolment))
  .mutation(async ({ ctx, input: { password } }) => {
    const { secret, uri, qrSvg } = await enrolTotp(ctx.core, { password });
    return ok({ type: 'totp' as const, secret, uri, qrCode: qrSvg });
  });

export const verify = route({
  method: 'POST',
  path: '/api/auth/mfa/verify',
  summary: 'Turn the second factor on with its first code',
  description: 'The recovery codes are in this answer and nowhere else.',
  beyond: true,
  verbs: [confirmTotp],
  errors: [400, 401, 403, 409, 422, 429],
  example: { body: { code: '123456' }, response: mfa.enabled },
})
  .input(HubMfaCode)
  .output(envelope(HubMfaEnabled))
  .mutation(async ({ ctx, input }) => {
    const { codes } = await confirmTotp(ctx.core, input);
    return ok({ enabled: true as const, recoveryCodes: codes });
  });

export const disable = route({
  method: 'POST',
  path: '/api/auth/mfa/disable',
  summary: 'Take the second factor off',
  beyond: true,
  verbs: [removeTotp],
  errors: [400, 401, 403, 422, 429],
  example: { body: { password: 'password' }, response: mfa.disabled },
})
  .input(HubMfaPassword)
  .output(envelope(z.object({ enabled: z.literal(false) })))
  .mutation(async ({ ctx, input }) => ok(await removeTotp(ctx.core, input)));
