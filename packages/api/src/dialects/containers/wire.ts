import { Register } from '@switchboard/core/users/schema';
import { z } from 'zod';

/** Shapes of seed 000 as documented. */

export const RegisterBody = z.object({
  username: Register.shape.username,
  password: Register.shape.password,
  email: Register.shape.email,
  full_name: Register.shape.fullName,
});

export const AccountUser = z
  .object({
    id: z.string(),
    username: z.string(),
    email: z.string().nullable(),
    full_name: z.string().nullable(),
    disabled: z.boolean(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'ContainersUser' });
export type AccountUser = z.infer<typeof AccountUser>;

const optionalText = z.string().optional();

/** OAuth 2's password form; `mfa_code` is for accounts with a second factor. */
export const TokenForm = z.object({
  username: z.string().min(1).max(256),
  password: z.string().min(1).max(1_024),
  grant_type: z.literal('password').optional(),
  scope: optionalText,
  client_id: optionalText,
  client_secret: optionalText,
  mfa_code: z.string().max(16).optional(),
});

export const Token = z.object({ access_token: z.string(), token_type: z.literal('bearer') });
