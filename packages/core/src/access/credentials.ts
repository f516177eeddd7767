import { and, eq, gte } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { takeCode } from '../account/totp.ts';
import { auditNow } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verifyPassword } from './passwords.ts';
import type { Login } from './schema.ts';
import { findUserByName, type UserRow } from './users.ts';

const { audit } = tables;

/**
 * The account that a name, a password and, where it has one, a second factor open. An unknown user takes the time of
 * a wrong password and gets the same answer; a right password without its code is neither right nor wrong.
 */
export async function checkCredentials(ctx: Ctx, input: Login): Promise<UserRow> {
  const user = await findUserByName(ctx.db, input.username);
  let needsCode = false;
  const at = await homeOf(ctx, user?.id ?? '');
  const matches = await ctx.access.throttle.attempt({ account: input.username, address: ctx.address, at }, async () => {
    const isRight = await verifyPassword(user?.passwordHash ?? null, input.password);
    if (!isRight || !user || user.disabled) return false;
    if (user.totpSecret === null) return true;
    needsCode = true;
    if (input.mfaCode === undefined || input.mfaCode.trim() === '') return null;
    return takeCode(ctx, user, input.mfaCode);
  });
  if (user && matches) return user;
  if (matches === null) throw codeNeeded(say('codeMissing'));
  // The name as it was typed is not kept: people type passwords there.
  const note = user ? { id: user.id, by: user } : {};
  await auditNow(ctx, 'session.create', { ...note, details: { secondFactor: needsCode } }, { outcome: 'refused' });
  if (needsCode) throw codeNeeded(say('codeWrong'));
  throw new DomainError('unauthenticated', say('loginWrong'));
}

const homeDays = 30;

/** The address asked from, where this account signed in from it lately: guesses made elsewhere do not count there. */
async function homeOf(ctx: Ctx, userId: string): Promise<string | undefined> {
  if (ctx.address === null) return undefined;
  const since = new Date(ctx.clock.now() - homeDays * 86_400_000);
  const [seen] = await ctx.db
    .select({ id: audit.id })
    .from(audit)
    .where(
      and(
        eq(audit.userId, userId),
        eq(audit.action, 'session.create'),
        eq(audit.outcome, 'ok'),
        eq(audit.address, ctx.address),
        gte(audit.at, since),
      ),
    )
    .limit(1);
  return seen && ctx.address;
}

function codeNeeded(why: Reason): DomainError {
  return new DomainError('unauthenticated', why, { mfaRequired: true });
}
