import type { Needed } from '../personal.ts';
import { say } from '../reasons.ts';
import { ErrorCode, RpcError } from '../rpc.ts';

const first = { credentials: 'fillFirst', 'sign-in': 'signInToServer' } as const;
const second = { credentials: 'fillAgain', 'sign-in': 'signInForMore' } as const;

/**
 * The caller has to do something first, at a page: thrown while an instance is opened for a person, or by a call that
 * the server refused without carrying it out. The sentence has the link, for clients that can be told no other way.
 */
export class CallerNeeded extends RpcError {
  readonly serverId: string;
  readonly needed: Needed;
  constructor(serverId: string, needed: Needed) {
    const { code, url, again } = needed;
    const sentences = again === undefined ? first : second;
    const why = say(sentences[code], { id: serverId, url });
    super(ErrorCode.server, why, { serverId, needs: code, url });
    this.serverId = serverId;
    this.needed = needed;
  }
}
