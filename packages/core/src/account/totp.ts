import { randomInt } from 'node:crypto';
import { and, arrayContains, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import { tables } from '@switchboard/db';
import type { UserRow } from '../access/users.ts';
import type { Ctx } from '../context.ts';
import { sha256 } from '../secrets.ts';
import type { TotpEnrolment } from './schema.ts';

const { users } = tables;
const periodSeconds = 30;
/** Steps before and after the current one that count: clocks differ. */
const slackSteps = 1;
const recoveryCodeCount = 10;
/** Without letters and digits that look alike. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

type TotpColumn = 'totpSecret' | 'totpPending';
function place(userId: string, column: TotpColumn) {
  return { table: 'users', row: userId, column };
}

function totpOf(base32: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Switchboard',
    label,
    secret: Secret.fromBase32(base32),
    period: periodSeconds,
    digits: 6,
  });
}

/** A new secret, sealed for the account, and what an app needs to take it over. */
export function makeEnrolment(
  ctx: Ctx,
  user: { id: string; username: string },
): { sealed: string; enrolment: TotpEnrolment } {
  const secret = new Secret({ size: 20 }).base32;
  const uri = totpOf(secret, user.username).toString();
  const qrSvg = renderSVG(uri, { border: 2 });
  return { sealed: ctx.secrets.seal(place(user.id, 'totpPending'), secret), enrolment: { secret, uri, qrSvg } };
}

/** The time step a code belongs to; null where it is none of now. */
export function stepOf(ctx: Ctx, user: UserRow, column: TotpColumn, code: string): number | null {
  const sealed = user[column];
  if (sealed === null || !/^\d{6}$/.test(code)) return null;
  const totp = totpOf(ctx.secrets.open(place(user.id, column), sealed), user.username);
  const timestamp = ctx.clock.now();
  const delta = totp.validate({ token: code, timestamp, window: slackSteps });
  return delta === null ? null : Math.floor(timestamp / 1_000 / periodSeconds) + delta;
}

/** The confirmed secret, sealed for its lasting place. */
export function settle(ctx: Ctx, user: UserRow): string {
  const secret = ctx.secrets.open(place(user.id, 'totpPending'), user.totpPending ?? '');
  return ctx.secrets.seal(place(user.id, 'totpSecret'), secret);
}

/** Whether the code is right and was not used before; a code counts once, a recovery code for ever once. */
export async function takeCode(ctx: Ctx, user: UserRow, given: string): Promise<boolean> {
  const code = given.replaceAll(/\s/g, '');
  const step = stepOf(ctx, user, 'totpSecret', code);
  if (step === null) return takeRecoveryCode(ctx, user.id, code);
  const taken = await ctx.db
    .update(users)
    .set({ totpStep: step })
    .where(and(eq(users.id, user.id), or(isNull(users.totpStep), lt(users.totpStep, step))))
    .returning({ id: users.id });
  return taken.length > 0;
}

async function takeRecoveryCode(ctx: Ctx, userId: string, code: string): Promise<boolean> {
  const hash = hashCode(code);
  const taken = await ctx.db
    .update(users)
    .set({ recoveryCodes: sql`array_remove(${users.recoveryCodes}, ${hash})` })
    .where(and(eq(users.id, userId), arrayContains(users.recoveryCodes, [hash])))
    .returning({ id: users.id });
  return taken.length > 0;
}

function hashCode(code: string): string {
  return sha256(`recovery:${code.toLowerCase().replaceAll('-', '')}`);
}

function makeCode(): string {
  const letters = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}

/** Codes for the day the phone is lost, to be shown once, and what is stored of them. */
export function makeRecoveryCodes(): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: recoveryCodeCount }, makeCode);
  return { codes, hashes: codes.map(hashCode) };
}
