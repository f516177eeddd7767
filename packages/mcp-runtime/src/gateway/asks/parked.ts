import { ErrorCode, RpcError } from '../../rpc.ts';
import { createConversation, type Conversation } from '../sessions/conversation.ts';
import type { Result } from '../sessions/peer.ts';

/** Calls that wait for input of clients without sessions. */
export interface ParkingLot {
  start(person: string, binding: string, run: (conversation: Conversation) => Result | Promise<Result>): Conversation;
  /** A parked call, also one that has ended meanwhile; throws RpcError where it is gone or another's. */
  resume(id: string, binding: string): Conversation;
  /** Starts the clock of a call that waits for its client; throws RpcError, and ends it, where too many do. */
  park(conversation: Conversation): void;
  count(): number;
  close(): void;
}

export interface ParkingOptions {
  waitMs: number;
  perPerson: number;
}

interface ParkedCall {
  conversation: Conversation;
  person: string;
  /** Set while the call waits for its client. */
  timer: NodeJS.Timeout | null;
  /** True where it has ended, and its client does not know yet. */
  ended: boolean;
}

function gone(): RpcError {
  return new RpcError(
    ErrorCode.invalidParams,
    'This call no longer waits for input: it was answered, or waited too long. Send the request again without requestState and inputResponses.',
  );
}

export function createParkingLot(options: ParkingOptions): ParkingLot {
  const held = new Map<string, ParkedCall>();
  function parked(): ParkedCall[] {
    return [...held.values()].filter((entry) => entry.timer !== null);
  }
  function end(id: string): void {
    const entry = held.get(id);
    if (entry === undefined) return;
    entry.ended = true;
    // A server may answer without waiting for what it asked. The call was carried out, so its end is kept.
    if (entry.timer === null) held.delete(id);
  }
  return {
    start(person, binding, run) {
      const conversation = createConversation(binding, run, () => end(conversation.id));
      held.set(conversation.id, { conversation, person, timer: null, ended: false });
      return conversation;
    },
    resume(id, binding) {
      const entry = held.get(id);
      if (entry === undefined || entry.conversation.binding !== binding || entry.timer === null) throw gone();
      clearTimeout(entry.timer);
      entry.timer = null;
      if (entry.ended) held.delete(id);
      return entry.conversation;
    },
    park(conversation) {
      const entry = held.get(conversation.id);
      if (entry === undefined) return;
      const mine = parked().filter((other) => other.person === entry.person);
      if (mine.length >= options.perPerson) {
        conversation.abort('Too many calls wait for input');
        const text = `More than ${options.perPerson} calls of yours wait for input; answer or drop some first`;
        throw new RpcError(ErrorCode.server, text, { limit: true });
      }
      function forget(): void {
        held.delete(conversation.id);
        conversation.abort('The client gave no input in time');
      }
      entry.timer = setTimeout(forget, options.waitMs).unref();
    },
    count: () => parked().filter(({ ended }) => !ended).length,
    close() {
      for (const { conversation } of held.values()) conversation.abort('The hub is stopping');
    },
  };
}
