import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { say } from '../reasons.ts';

/** Accounts of the machine that programs of servers run under; who makes them is the hub's process. */
export interface Accounts {
  /** Uids for servers' own accounts, both ends included; null where the hub cannot start programs under them. */
  range: { first: number; last: number } | null;
  /** Why there are none, for people; null where there are. */
  unavailable: Reason | null;
  /** Whether a uid is free on this machine, and this hub's from now on. */
  claim(uid: number): boolean;
  /** Ends all that runs under an account that was given back, and removes its home. Never rejects. */
  release(uid: number): Promise<void>;
}

export const noAccounts: Accounts = {
  range: null,
  unavailable: say('noAccounts'),
  claim: () => false,
  release: () => Promise.resolve(),
};
