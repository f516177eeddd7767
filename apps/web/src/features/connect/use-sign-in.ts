import { useInstance } from '../../lib/use-instance.ts';
import { reachOf, type Reach } from './reach.ts';

/** From where clients of this hub can sign in. */
export function useSignIn(): { reach: Reach } {
  const { me, needsKey } = useInstance();
  return { reach: needsKey ? reachOf(me?.instance.publicUrl ?? null, location.hostname) : 'none' };
}
