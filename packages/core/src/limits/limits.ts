import { setBounded } from '@switchboard/basics';
import { holderOf, readCredential } from '../access/credential.ts';
import type { Directory } from '../access/directory.ts';
import { networkOf } from '../access/network-of.ts';
import type { Actor } from '../actor.ts';
import type { Settings } from '../configuration/schema.ts';
import { DomainError } from '../errors.ts';
import type { CountEvent } from '../events.ts';
import { say } from '../reasons.ts';
import type { Counters } from './counters.ts';
import type { LimitState } from './schema.ts';
import { take, type WindowCount } from './window.ts';

export interface Limits {
  /** One request of the documented API: by address for who has not signed in, else by user. */
  request(actor: Actor, address: string | null): LimitState;
  /** One request of a program that signs in, by what it asks for and the network that it comes from. */
  client(what: string, address: string | null, most: number): LimitState;
  /** Throws `limit_exceeded` where an address registers too many accounts. */
  registration(address: string | null): void;
  /** Counts a registration that another replica let through. */
  learnRegistration(address: string): void;
  /** One call of a tool by whom the text of a credential names: null where neither its key nor the tool has a limit, or both leave room. */
  call(credential: string, serverId: string, tool: string): LimitState | null;
  /** Calls a minute of tools, by server and name. */
  setTools(limits: ReadonlyMap<string, number>): void;
}

type RequestLimits = Settings['limits']['requestsPerMinute'];

const registrationWindowMs = 3_600_000;
const mostAddresses = 10_000;

export function toolBucket(serverId: string, tool: string): string {
  return `tool:${serverId}/${tool}`;
}

function requestBucket(actor: Actor, address: string | null, allowed: RequestLimits): [bucket: string, limit: number] {
  switch (actor.type) {
    case 'anonymous':
      return [`address:${address === null ? 'unknown' : networkOf(address)}`, allowed.anonymous];
    case 'local':
    case 'system':
      return ['local', allowed.admin];
    case 'user':
      return [`user:${actor.id}`, actor.role === 'admin' ? allowed.admin : allowed.user];
    case 'key':
    case 'grant':
      return [`user:${actor.userId}`, actor.role === 'admin' ? allowed.admin : allowed.user];
  }
}

/** Limits from memory; what counts is shared elsewhere. */
export function createLimits(options: {
  counters: Counters;
  directory: Directory;
  /** What is allowed now. */
  settings: () => Pick<Settings['limits'], 'requestsPerMinute' | 'registrationsPerHour'>;
  now: () => number;
  /** Reaches the other replicas. */
  tell?: (event: CountEvent) => void;
}): Limits {
  const { counters, directory, settings, now, tell } = options;
  const registrations = new Map<string, WindowCount>();
  let tools: ReadonlyMap<string, number> = new Map();

  function countRegistration(name: string): LimitState {
    const limit = { limit: settings().registrationsPerHour, now: now(), windowMs: registrationWindowMs };
    const { counted, state } = take(registrations.get(name), limit);
    setBounded(registrations, name, counted, mostAddresses);
    return state;
  }

  function keyLimit(credential: string): [id: string, limit: number] | null {
    const { keyId } = holderOf(readCredential(credential));
    const limit = keyId === null ? null : directory.key(keyId)?.callsPerMinute;
    return keyId !== null && limit ? [keyId, limit] : null;
  }

  return {
    request(actor, address) {
      const [bucket, limit] = requestBucket(actor, address, settings().requestsPerMinute);
      return counters.take(bucket, limit);
    },
    client(what, address, most) {
      return counters.take(`client:${what}:${address === null ? 'unknown' : networkOf(address)}`, most);
    },
    registration(address) {
      const name = address === null ? 'unknown' : networkOf(address);
      const state = countRegistration(name);
      if (!state.allowed) {
        const { retryAfterSeconds } = state;
        throw new DomainError('limit_exceeded', say('tooManyRegistered'), { retryAfterSeconds });
      }
      tell?.({ type: 'account.registered', address: name });
    },
    learnRegistration: (address) => void countRegistration(address),
    call(credential, serverId, tool) {
      const key = keyLimit(credential);
      if (key) {
        const state = counters.take(`key:${key[0]}`, key[1]);
        if (!state.allowed) return state;
      }
      if (tools.size === 0) return null;
      const bucket = toolBucket(serverId, tool);
      const limit = tools.get(bucket);
      const state = limit === undefined ? null : counters.take(bucket, limit);
      return state?.allowed === false ? state : null;
    },
    setTools(limits) {
      tools = limits;
    },
  };
}
