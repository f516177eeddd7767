import { z } from 'zod';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { SignInStep } from '@switchboard/mcp-runtime/types';
import type { SignInWay } from '../servers/sign-in-settings.ts';

const ServerRef = z.string().min(1).max(256);

export const SignInAt = z.object({ id: ServerRef });
export const BeginSignIn = z.object({
  id: ServerRef,
  /** Where the person reaches the hub: there the answer comes back. */
  origin: z.url({ protocol: /^https?$/ }).max(512),
});
/** The query that the authorization server sent the person back with. */
export const FinishSignIn = z.object({ query: z.string().max(16_384) });

/** A sign-in that there is, to whose it is. */
export interface SignedIn {
  issuer: string;
  scope: string | null;
  since: Date;
}

/** The last attempt to sign in, to who made it. */
export interface SignInAttempt {
  at: Date;
  shared: boolean;
  state: 'open' | 'done' | 'failed';
  steps: SignInStep[];
  failure: Reason | null;
}

/** Where one person is with signing in to a server. */
export interface SignInState {
  /** Who signs in. */
  who: SignInWay;
  /** Whether the server asked for a sign-in that is not there. */
  wanted: boolean;
  /** Whether what it asked for is more than the sign-in that is there. */
  more: boolean;
  /** The sign-in that the person uses: one's own, or the one that everybody uses, of which others see nothing. */
  held: SignedIn | boolean;
  /** Whether the person may sign in and out. */
  can: boolean;
  attempt: SignInAttempt | null;
}
