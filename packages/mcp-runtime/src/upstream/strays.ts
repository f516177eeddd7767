import { otherForm } from '../rpc.ts';
import type { JsonRpcId, JsonRpcResponse } from '../types.ts';

/** Characters of an id, and of an error, that a line quotes. */
const quotedId = 80;
const quotedError = 300;

/** The log line about a reply that belongs to no request. */
function describe({ id, error }: JsonRpcResponse): string {
  if (id === null && error !== undefined) {
    return `The server sent an error for no request: ${error.message.slice(0, quotedError)} (${error.code}).`;
  }
  if (id === null) return 'A reply without an id was dropped.';
  return `A reply was dropped: no request of the hub has its id ${JSON.stringify(id).slice(0, quotedId)}.`;
}

/** Whether a reply is to an earlier request that was cancelled or answered: ids count up to `lastId`. */
export function isLate(id: JsonRpcId | null, lastId: number): boolean {
  const own = typeof id === 'string' ? otherForm(id) : id;
  return typeof own === 'number' && own >= 1 && own <= lastId;
}

/** Tells of the first reply on a connection that belongs to no request: a server that sends one sends them all so. */
export function tellStrays(log: (text: string) => void): (reply: JsonRpcResponse) => void {
  let told = false;
  return (reply) => {
    if (told) return;
    told = true;
    log(`${describe(reply)} Others like it on this connection are not told.`);
  };
}
