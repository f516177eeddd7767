import type { Challenge } from '@switchboard/mcp-runtime/types';

/** The scopes that a challenge names. */
function scopesIn({ header }: Challenge): string[] {
  const named = /(?:^|[\s,])scope="([^"]{1,2000})"/i.exec(header ?? '')?.[1] ?? '';
  return named.split(' ').filter((scope) => scope !== '');
}

/**
 * Whether a server asks for scopes that were not asked for, and signing in again would ask for them: the owner may have
 * said which are asked for (`fixed`). Else nothing comes of asking again.
 */
export function asksForMore(challenge: Challenge, asked: string | null, fixed: readonly string[] | null): boolean {
  const before = new Set((asked ?? '').split(' '));
  return scopesIn(challenge).some((scope) => !before.has(scope) && (fixed === null || fixed.includes(scope)));
}
