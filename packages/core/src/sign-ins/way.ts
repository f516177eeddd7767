import type { ServerRow } from '../servers/rows.ts';
import { usualSignIn, type SignInSettings, type SignInWay } from '../servers/sign-in-settings.ts';

type Row = Pick<ServerRow, 'kind' | 'signIn' | 'asksSignIn'>;

/** Who signs in to a server. */
export function signInWayOf({ signIn }: Pick<Row, 'signIn'>): SignInWay {
  return (signIn as SignInSettings | null)?.who ?? usualSignIn.who;
}

/** Whether each person has to sign in to a server before it can be used: where it asks for that at all. */
export function asksPeople(row: Row): boolean {
  const isRemote = row.kind === 'sse' || row.kind === 'streamable-http';
  return isRemote && row.asksSignIn !== null && signInWayOf(row) === 'person';
}
