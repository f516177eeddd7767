import type { Needed } from '../personal.ts';
import { say } from '../reasons.ts';
import { ErrorCode, RpcError } from '../rpc.ts';

/**
 * The caller has to do something first, at a page: thrown while an instance is opened for a person, or by a call that
 * the server refused without carrying it out. The sentence has the link, for clients that can be told no other way.
 */
export class CallerNeeded extends RpcError {
  readonly serverId: string;
  readonly needed: Needed;
  constructor(serverId: string, needed: Needed) {
    const { code, url } = needed;
    const why = say(code === 'credentials' ? 'fillFirst' : 'signInToServer', { id: serverId, url });
    super(ErrorCode.server, why, { serverId, needs: code, url });
    this.serverId = serverId;
    this.needed = needed;
  }
}
