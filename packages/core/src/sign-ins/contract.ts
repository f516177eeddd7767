import type { Challenge, SignInOf, SignInProtocol, SignIns, UpstreamGrant } from '@switchboard/mcp-runtime/types';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { HeldGrant } from './store.ts';
import type { Target } from './target.ts';

/** What a server asked for in vain. */
export interface Wanted {
  challenge: Challenge;
  /** Epoch milliseconds. */
  at: number;
}

/** What the hub may use servers with, in memory, and how it stays usable. */
export interface UpstreamSignIns extends SignIns {
  protocol: SignInProtocol;
  /** Address of the hub's document as a client; null = nobody outside could read it. */
  documentUrl: string | null;
  /** How a server is reached and signed in to; null where it is no remote server. */
  target(serverId: string): Target | null;
  /** Tokens that are sent to a server, for taking them out of what is kept of calls. */
  secretsOf(serverId: string): readonly string[];
  /** What a server last asked for in vain, and when; null = nothing. A sign-in that is younger has answered it. */
  wanted(of: SignInOf): Wanted | null;
  /** Takes what came of a sign-in into use, once it is stored. */
  use(of: SignInOf, held: HeldGrant): void;
  /** Ends a sign-in here; what there was. */
  end(of: SignInOf): Promise<UpstreamGrant | null>;
  /** Reads anew what another part of the hub, or another hub, changed. */
  forget(serverId: string, person: string | null): void;
  /** Forgets what is not as the database has it: events may be lost. A stamp is the id of a grant’s row. */
  compare(stampOf: (serverId: string, person: string | null) => string | null): void;
  /** The same of everybody at one server; what it asked for is forgotten only where it is gone. */
  forgetServer(serverId: string, isGone: boolean): void;
}

/** A hub that signs in nowhere. */
export const noProtocol: SignInProtocol = {
  begin: refuse,
  finish: refuse,
  client: refuse,
  refresh: refuse,
  issuer: refuse,
  revoke: refuse,
};

function refuse(): Promise<never> {
  return Promise.reject(new DomainError('unavailable', say('noSignIns')));
}
