import { createHash } from 'node:crypto';
import type { CancelSignal } from '../hot/cancellation.ts';
import type { ServerSpec } from '../types.ts';
import type { Era } from '../versions.ts';
import type { InstanceClient } from './exchange.ts';
import { canBeAsked, type ClientIdentity } from './handshake.ts';
import type { Instance } from './instance.ts';
import { Owner } from './owners.ts';

/** What a caller needs of an instance. */
export interface Need {
  credential: string;
  /** Who stands behind the credential. */
  person: string;
  /** Era the client speaks: the same one upstream loses nothing in translation. */
  era: Era;
  /** Session that owns what it opens; null for callers without one. */
  session: string | null;
  /** Aborts when the session ends; absent where there is none. */
  ended?: CancelSignal | undefined;
  /** True where the client can be asked, subscribes or set a log level: nobody else may share its instance. */
  own: boolean;
  /** True where what is done may lead to questions, which a program cannot ask for one call of several. */
  alone: boolean;
  identity: ClientIdentity;
  client: InstanceClient | null;
  /** Runs once on an instance opened for the session, before its first use. */
  onOpened(instance: Instance): Promise<void>;
}

/** An instance besides the primary: which, for whom, and in which era. */
export interface InstanceKey {
  key: string;
  /** Whose it counts as; null where everybody uses it. */
  person: string | null;
  /** The name of what it is opened with of that person's own; null where nothing is. */
  stamp: string | null;
  /** Null: whichever of its eras the server speaks first. */
  era: Era | null;
  /** Whose lists it tells, see `Owner`. */
  owner: () => string;
  /** True where it is the session's alone, which then is asked and told. */
  own: boolean;
  limitMs: number;
}

/** Calls without a session, of one client of a credential. */
export function clientKey(need: Need): string {
  const who = JSON.stringify([need.identity.clientInfo['name'], need.identity.capabilities]);
  return `m:${need.credential}:${createHash('sha256').update(who).digest('base64url').slice(0, 16)}`;
}

export function sessionKey(session: string): string {
  return `s:${session}`;
}

function clientOwner({ credential, identity }: Need): string {
  const { capabilities } = identity;
  return canBeAsked(capabilities) ? Owner.able(credential, capabilities) : Owner.stateless(credential);
}

/** The instance of a session, or of calls without one, that nobody else uses. */
export function ownPlace(need: Need, era: Era, { limits }: ServerSpec, stamp: string | null): InstanceKey {
  const { session, person } = need;
  const common = { person, stamp, era, limitMs: limits.startTimeoutMs };
  if (session === null) return { ...common, key: clientKey(need), owner: () => clientOwner(need), own: false };
  return { ...common, key: sessionKey(session), owner: () => Owner.session(session), own: true };
}

/** The instance of a credential, for all its calls that may share one. */
export function credentialPlace({ credential, person }: Need, { limits }: ServerSpec): InstanceKey {
  return {
    key: `u:${credential}`,
    person,
    stamp: null,
    era: 'legacy',
    owner: () => Owner.credential(credential),
    own: false,
    limitMs: limits.startTimeoutMs,
  };
}

/** The instance of a person, for all calls of that one that may share one. */
export function personPlace(person: string, era: Era | null, { limits }: ServerSpec, stamp: string): InstanceKey {
  return {
    key: `p:${person}`,
    person,
    stamp,
    era,
    owner: () => Owner.person(person),
    own: false,
    limitMs: limits.startTimeoutMs,
  };
}

/** Where a client of an era the primary does not speak is served best. */
export function otherPlace(need: Need, spec: ServerSpec, stamp: string | null): InstanceKey {
  const { era } = need;
  const { isolation, limits } = spec;
  if (era === 'legacy' && (need.own || isolation === 'session')) return ownPlace(need, era, spec, stamp);
  const common = { stamp, era, own: false, limitMs: limits.startTimeoutMs };
  if (isolation === 'shared' && stamp === null)
    return { ...common, key: era, person: null, owner: () => Owner.everyone(era) };
  function owner(): string {
    return era === 'modern' ? Owner.stateless(need.credential) : Owner.credential(need.credential);
  }
  return { ...common, key: `${era}:${need.credential}`, person: need.person, owner };
}

/** The same need with nobody in particular behind it: of connections that many use. */
export function anonymous(need: Need, identity: ClientIdentity): Need {
  const { credential, person, era, session, own, alone, client } = need;
  return {
    credential,
    person,
    era,
    session,
    own,
    alone,
    client,
    identity,
    onOpened: (instance) => need.onOpened(instance),
  };
}
