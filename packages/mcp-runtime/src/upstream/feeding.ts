import { say, type Reason } from '../reasons.ts';
import { ErrorCode, RpcError } from '../rpc.ts';
import type { ServerSpec } from '../types.ts';
import { neededFor } from './failures.ts';
import { specFor, standingOf } from './owned.ts';
import type { Supervised } from './supervised.ts';

/** What of the givers the server refused is remembered; a restart forgets it. */
const mostRefused = 1_000;

/** As whom the primary would be opened now; null = nobody. */
export function feederOf({ options, refused }: Pick<Supervised, 'options' | 'refused'>): string | null {
  return options.personal.feeder(options.spec().id, refused);
}

/** Whether it is to be started in somebody's name, and there is nobody. */
export function isUnowned(it: Supervised): boolean {
  return it.options.spec().personal === true && feederOf(it) === null;
}

/** Why a server has not started in whose name it would be. */
export function whyUnowned({ options, refused }: Supervised): Reason {
  // All that gave something were refused.
  return say(options.personal.feeder(options.spec().id) === null || refused.size === 0 ? 'nobodyYet' : 'nobodyFits');
}

/** The spec to start with; in the name of the one who gave credentials last, where instances belong to people. */
export async function specNow(it: Supervised): Promise<ServerSpec> {
  const { options } = it;
  const spec = options.spec();
  it.owner = null;
  if (spec.personal !== true) return spec;
  const person = feederOf(it);
  if (person === null) throw new RpcError(ErrorCode.server, whyUnowned(it));
  it.owner = standingOf(options.personal, spec.id, person);
  return specFor(options.personal, spec, person);
}

/** Whether a start failed for what its owner gave alone: the next one's may do. */
export function isOwnersFault(it: Supervised, error: unknown): boolean {
  if (it.owner === null || neededFor(error) === null) return false;
  if (it.refused.size >= mostRefused) it.refused.clear();
  it.refused.add(it.owner.stamp);
  return true;
}
