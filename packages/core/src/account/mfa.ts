import { and, eq, isNotNull } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import {
  ConfirmTotp,
  EnrolTotp,
  RemoveTotp,
  RenewRecoveryCodes,
  type RecoveryCodes,
  type TotpEnrolment,
} from './schema.ts';
import { makeEnrolment, makeRecoveryCodes, settle, stepOf } from './totp.ts';
import { attemptOf, confirmPassword, requireSelf } from './verbs.ts';

const { users } = tables;

/** Makes a secret for an authenticator app; it counts once a code of it was given. */
export const enrolTotp = verb(
  { name: 'account.mfa', access: 'write', input: EnrolTotp, tx: false },
  async (ctx, input): Promise<TotpEnrolment> => {
    const user = await requireSelf(ctx);
    await confirmPassword(ctx, user, input.password, 'password');
    if (user.totpSecret !== null) {
      throw new DomainError('conflict', say('hasFactor'));
    }
    const { sealed, enrolment } = makeEnrolment(ctx, user);
    await ctx.db.update(users).set({ totpPending: sealed }).where(eq(users.id, user.id));
    ctx.audit({ id: user.id, details: { begun: true } });
    return enrolment;
  },
);

/** Turns the second factor on with its first code, and gives recovery codes, shown once. */
export const confirmTotp = verb(
  { name: 'account.mfa', access: 'write', input: ConfirmTotp, tx: false },
  async (ctx, input): Promise<RecoveryCodes> => {
    const user = await requireSelf(ctx);
    if (user.totpPending === null) throw new DomainError('precondition', say('beginWithApp'));
    let step: number | null = null;
    const matches = await ctx.access.throttle.attempt(attemptOf(ctx, user), () => {
      step = stepOf(ctx, user, 'totpPending', input.code);
      return Promise.resolve(step !== null);
    });
    if (!matches) throw invalidField('code', say('codeOfAppWrong'));
    const { codes, hashes } = makeRecoveryCodes();
    const change = { totpSecret: settle(ctx, user), totpPending: null, totpStep: step, recoveryCodes: hashes };
    const changed = await ctx.db
      .update(users)
      .set({ ...change, updatedAt: new Date(ctx.clock.now()) })
      .where(and(eq(users.id, user.id), isNotNull(users.totpPending)))
      .returning({ id: users.id });
    if (changed.length === 0) throw new DomainError('precondition', say('beginWithApp'));
    ctx.audit({ id: user.id, details: { enabled: true } });
    return { codes };
  },
);

/** Takes the second factor off. */
export const removeTotp = verb(
  { name: 'account.mfa', access: 'write', input: RemoveTotp, tx: false },
  async (ctx, input): Promise<{ enabled: false }> => {
    const user = await requireSelf(ctx);
    await confirmPassword(ctx, user, input.password, 'password');
    const cleared = { totpSecret: null, totpPending: null, totpStep: null, recoveryCodes: [] };
    await ctx.db
      .update(users)
      .set({ ...cleared, updatedAt: new Date(ctx.clock.now()) })
      .where(eq(users.id, user.id));
    ctx.audit({ id: user.id, details: { enabled: false } });
    return { enabled: false };
  },
);

/** Makes new recovery codes; the old ones are worth nothing any more. */
export const renewRecoveryCodes = verb(
  { name: 'account.mfa', access: 'write', input: RenewRecoveryCodes, tx: false },
  async (ctx, input): Promise<RecoveryCodes> => {
    const user = await requireSelf(ctx);
    await confirmPassword(ctx, user, input.password, 'password');
    if (user.totpSecret === null) throw new DomainError('precondition', say('noFactor'));
    const { codes, hashes } = makeRecoveryCodes();
    await ctx.db.update(users).set({ recoveryCodes: hashes }).where(eq(users.id, user.id));
    ctx.audit({ id: user.id, details: { recoveryCodes: codes.length } });
    return { codes };
  },
);
