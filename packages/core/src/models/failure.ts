import type { Ctx } from '../context.ts';
import { isProviderError } from './provider-refusal.ts';
import { openHeaders, openKey } from './queries.ts';
import type { ModelRow } from './rows.ts';
import { keyMask, type ProviderFailure } from './schema.ts';

const longest = 500;
/** A shorter text occurs anywhere by chance. */
const shortestSecret = 4;

/** The failure of a provider, without the secrets that were sent; null where the error is none of a provider. */
export function failureOf(ctx: Ctx, row: ModelRow, error: unknown): ProviderFailure | null {
  if (!isProviderError(error)) return null;
  const secrets = [openKey(ctx.secrets, row) ?? '', ...Object.values(openHeaders(ctx.secrets, row))];
  const told = secrets
    .filter(({ length }) => length >= shortestSecret)
    .reduce((text, secret) => text.replaceAll(secret, keyMask), error.message);
  return { ok: false, code: error.code, status: error.status, message: told.slice(0, longest).toWellFormed() };
}
