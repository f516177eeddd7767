import { type Answer, familyOf, unauthenticated } from '@switchboard/api/dialects';
import type { Actor } from '@switchboard/core';
import { mcpScopes, scopeOfMethod } from '@switchboard/core/oauth';
import type { Refuse } from '@switchboard/mcp-runtime/types';
import type { Caller } from '../http/authenticate.ts';
import type { McpTarget } from '../http/mcp-target.ts';
import type { challengeOf } from './documents.ts';

/** Makes the challenge of an answer; null or absent where the hub has no issuer. */
export type Challenge = (problem?: Parameters<typeof challengeOf>[2]) => string | null | undefined;

type Grant = Extract<Actor, { type: 'grant' }>;

function withChallenge(answer: Answer, challenge: string | null | undefined): Answer {
  return challenge ? { ...answer, headers: { ...answer.headers, 'www-authenticate': challenge } } : answer;
}

/** The 401 for an anonymous caller, or for a token of another endpoint; null for other callers. */
export function refusalOfGrant(
  { actor, refusal }: Caller,
  { endpoint }: McpTarget,
  challenge: Challenge,
): Answer | null {
  const family = familyOf('/mcp');
  if (actor.type === 'anonymous') {
    const problem = refusal === null ? undefined : ({ error: 'invalid_token', description: refusal } as const);
    return withChallenge(family(unauthenticated(refusal ?? undefined)), challenge(problem));
  }
  if (actor.type !== 'grant' || actor.endpoint === endpoint) return null;
  const description = 'This token was given for another endpoint of the hub: sign in for this one.';
  return withChallenge(family(unauthenticated(description)), challenge({ error: 'invalid_token', description }));
}

/** Refuses methods whose scope the token lacks with 403 insufficient_scope. */
export function mayCall({ scopes }: Grant, challenge: Challenge): Refuse {
  return (method) => {
    const scope = scopeOfMethod(method);
    if (scopes.includes(scope)) return null;
    const description = `The token does not have the scope ${scope}.`;
    // The challenge names the scopes of the token too: clients ask for exactly the scopes of the challenge.
    const asked = mcpScopes.filter((name) => name === scope || scopes.includes(name)).join(' ');
    const header = challenge({ error: 'insufficient_scope', description, scope: asked });
    return { status: 403, message: description, headers: header ? { 'www-authenticate': header } : {} };
  };
}
