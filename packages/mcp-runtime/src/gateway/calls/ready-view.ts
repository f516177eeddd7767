import type { CancelSignal } from '../../hot/cancellation.ts';
import { RpcError } from '../../rpc.ts';
import type { Catalog, JsonObject } from '../../types.ts';
import { CallerNeeded } from '../../upstream/caller-needed.ts';
import { withoutReason } from '../../upstream/failures.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { View } from '../../view.ts';
import { canBeSent, sendCaller, type CallerTasks } from '../asks/sent-caller.ts';
import { needOf, type Call, type Peer, type Result } from '../sessions/peer.ts';
import type { Forwarder } from './forward.ts';

interface Servers {
  upstream(serverId: string): Upstream;
  catalogOf(serverId: string): Catalog | null;
}

interface ReadyOptions extends Servers {
  forwarder: Forwarder;
  /** Waits for what callers have to do first. */
  doings: CallerTasks;
}

/** A request that has yet to wait for what it is answered from. */
interface WaitingRequest {
  peer: Peer;
  call: Call;
  method: string;
  params: JsonObject;
}

/** Characters of a name that its record keeps. */
export const longestName = 256;

/** Waits for a first catalog where a whole endpoint hangs on one server nobody has listed yet. */
export function readyView(options: Servers, view: () => View, peer: Peer, signal: CancelSignal): View | Promise<View> {
  const now = view();
  if (now.selection.prefixed) return now;
  const [only] = now.serverIds;
  if (only === undefined || options.catalogOf(only) !== null) return now;
  return options
    .upstream(only)
    .ready(needOf(peer, only, { own: false, alone: false }), signal)
    .then(view, (error: unknown) => {
      throw now.at(only)?.server.quiet === true && error instanceof RpcError ? withoutReason(error, only) : error;
    });
}

/** What comes of a call whose caller has to do something before anything is known of the server. */
export async function whereNeeded(
  options: ReadyOptions,
  { peer, call, method, params }: WaitingRequest,
  error: unknown,
  then: (view: View) => Result | Promise<Result>,
): Promise<Result> {
  if (!(error instanceof CallerNeeded)) throw error;
  try {
    if (!canBeSent(peer, call, method)) throw error;
    return await sendCaller<Result>(error, { peer, call, doings: options.doings }, async () => {
      const view = await readyView(options, peer.view, peer, call.signal);
      return then(view);
    });
  } catch (failure) {
    const name = params['name'] ?? params['uri'];
    if (failure instanceof CallerNeeded && typeof name === 'string') {
      const target = { serverId: failure.serverId, method, params, name: name.slice(0, longestName) };
      options.forwarder.refused(peer, call, target, failure, null);
    }
    throw failure;
  }
}
