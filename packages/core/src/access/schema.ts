import { z } from 'zod';

export const roles = ['admin', 'manager', 'user', 'viewer'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export const Username = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, "must be 1 to 64 letters, digits, '.', '_', '@' or '-'");
export const Password = z
  .string()
  .min(8, 'must have at least 8 characters')
  .max(512, 'must have at most 512 characters');

export const Login = z.object({
  username: z.string().min(1, 'is required').max(256),
  password: z.string().min(1, 'is required').max(1_024),
  mfaCode: z.string().max(16).optional(),
});
export type Login = z.infer<typeof Login>;

export interface UserView {
  id: string;
  username: string;
  role: Role;
  permissions: string[];
}

export interface LoginResult {
  user: UserView;
  /** Access JWT. */
  token: string;
  refreshToken: string;
  expiresIn: number;
  /** `id` is the cookie's value: it goes nowhere else. */
  session: { id: string; sid: string; expiresAt: Date };
}
