import { z } from 'zod';
import { NewPassword } from '../access/schema.ts';
import { Email, FullName, Profile } from '../users/schema.ts';

export const UpdateAccount = z.object({
  email: Email.nullable().optional(),
  fullName: FullName.nullable().optional(),
  profile: Profile.optional(),
});

const CurrentPassword = z.string().min(1, 'is required').max(1_024);
export const ChangePassword = z.object({ currentPassword: CurrentPassword, newPassword: NewPassword });

/** Six digits, spaces allowed. */
const Code = z
  .string()
  .transform((code) => code.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'must be the six digits that your app shows'));
export const EnrolTotp = z.object({ password: CurrentPassword });
export const ConfirmTotp = z.object({ code: Code });
export const RemoveTotp = z.object({ password: CurrentPassword });
export const RenewRecoveryCodes = z.object({ password: CurrentPassword });

export interface TotpEnrolment {
  /** For typing in; base32. */
  secret: string;
  /** otpauth:// */
  uri: string;
  /** An SVG image of the URI, as text. */
  qrSvg: string;
}

export interface RecoveryCodes {
  /** Shown once; each works once. */
  codes: string[];
}

export const EndSession = z.object({ id: z.string().min(1).max(128) });

/** A signed-in device or program. */
export interface SignedIn {
  id: string;
  kind: 'login' | 'token';
  /** The session that asks. */
  current: boolean;
  userAgent: string | null;
  address: string | null;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
}
