import { errors, type Adapter } from 'oidc-provider';
import { isDomainError } from '@switchboard/core';
import type { OauthStore } from '@switchboard/core/oauth';

/** What the store refuses, in the shape of the protocol. */
function refused(error: unknown): never {
  if (!isDomainError(error)) throw error;
  if (error.reason.code === 'oauthOtherEndpoint') throw new errors.InvalidTarget(error.message);
  if (error.reason.code === 'grantEnded') throw new errors.InvalidGrant(error.message);
  if (error.code === 'limit_exceeded') throw new errors.TemporarilyUnavailable(error.message);
  throw error;
}

/** Joins the engine to the store. */
export function adapterOf(store: OauthStore): (model: string) => Adapter {
  return (model) => ({
    find: (id) => store.find(model, id),
    // Nothing is found by these: the engine keeps no session, and there are no devices.
    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
    upsert: (id, payload, expiresIn) => store.upsert(model, id, { ...payload }, expiresIn).catch(refused),
    async consume(id) {
      const isFirst = await store.consume(model, id);
      // Of two that come at once with the same code, one is a thief.
      if (!isFirst && model === 'AuthorizationCode')
        throw new errors.InvalidGrant('authorization code already consumed');
    },
    destroy: (id) => store.destroy(model, id),
    // What stands on a grant goes with it, by the database.
    revokeByGrantId: () => Promise.resolve(),
  });
}
