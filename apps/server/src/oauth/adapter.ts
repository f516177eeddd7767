import type { Adapter } from 'oidc-provider';
import { fromDatabase, isDatabaseAway, isDomainError } from '@switchboard/core';
import { knownScopes, type OauthStore } from '@switchboard/core/oauth';
import { engine } from './engine.ts';

function unavailable(message: string): Error {
  return Object.assign(new (engine().errors.TemporarilyUnavailable)(message), { status: 503, statusCode: 503 });
}

/** Turns refusals of the store into errors of the protocol. */
function refused(thrown: unknown): never {
  const error = fromDatabase(thrown);
  if (!isDomainError(error)) throw error;
  if (isDatabaseAway(error)) throw unavailable(error.message);
  if (error.reason.code === 'oauthOtherEndpoint') throw new (engine().errors.InvalidTarget)(error.message);
  if (error.reason.code === 'grantEnded') throw new (engine().errors.InvalidGrant)(error.message);
  if (error.code === 'limit_exceeded') throw unavailable(error.message);
  throw error;
}

/**
 * Leaves out scopes that the hub does not have, as the authorization endpoint does: some clients send at a refresh the
 * scopes of their first request again, `offline_access` among them.
 */
function leaveOutScopes(): void {
  const params = engine().Provider.ctx?.oidc.params;
  const scope = params?.['scope'];
  if (params?.['grant_type'] !== 'refresh_token' || typeof scope !== 'string') return;
  const known = knownScopes(scope.split(' '));
  params['scope'] = known.length > 0 ? known.join(' ') : undefined;
}

/** Joins the engine to the store. */
export function adapterOf(store: OauthStore): (model: string) => Adapter {
  return (model) => ({
    find(id) {
      // The engine looks for the token before it looks at the scopes.
      if (model === 'RefreshToken') leaveOutScopes();
      return store.find(model, id).catch(refused);
    },
    // The engine keeps no sessions, and there is no device flow.
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
    upsert: (id, payload, expiresIn) => store.upsert(model, id, { ...payload }, expiresIn).catch(refused),
    async consume(id) {
      const isFirst = await store.consume(model, id).catch(refused);
      // Of two concurrent exchanges of one code, the second is a replay.
      if (!isFirst && model === 'AuthorizationCode')
        throw new (engine().errors.InvalidGrant)('authorization code already consumed');
    },
    destroy: (id) => store.destroy(model, id).catch(refused),
    // A foreign key deletes the objects of a grant with the grant.
    revokeByGrantId: () => Promise.resolve(),
  });
}
