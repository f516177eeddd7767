import { randomUUID } from 'node:crypto';
import { isObject } from '@switchboard/basics';
import type { CancelSignal } from '../../hot/cancellation.ts';
import type { Personal } from '../../personal.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { JsonObject } from '../../types.ts';
import { CallerNeeded } from '../../upstream/caller-needed.ts';
import type { Call, Peer } from '../sessions/peer.ts';

/** Rounds in which one call asks its caller to do the same thing. */
const maxRounds = 25;
/** How long a request waits for what its caller agreed to do; clients give up after a minute. */
const patienceMs = 50_000;

/** Waits for what people have to do at a page before they can use a server. */
export interface Doings {
  /** True once the person may use the server; false where that does not come about in time. */
  done(serverId: string, person: string, signal: CancelSignal): Promise<boolean>;
  /** Somebody may have done something. */
  changed(): void;
}

/** Keeps who waits. */
export function createDoings(personal: Personal, waitMs = patienceMs): Doings {
  const waiting = new Set<() => void>();
  return {
    done(serverId, person, signal) {
      return new Promise((resolve) => {
        function settle(isDone: boolean): void {
          clearTimeout(timer);
          waiting.delete(look);
          signal.removeEventListener('abort', giveUp);
          resolve(isDone);
        }
        function look(): void {
          if (typeof personal.standing(serverId, person) === 'string') settle(true);
        }
        function giveUp(): void {
          settle(false);
        }
        const timer = setTimeout(giveUp, waitMs).unref();
        waiting.add(look);
        signal.addEventListener('abort', giveUp, { once: true });
        if (signal.aborted) giveUp();
        else look();
      });
    },
    changed() {
      for (const look of waiting) look();
    },
  };
}

/** Whether a client shows its person a page where a server asks for that. */
function opensUrls(capabilities: JsonObject): boolean {
  const { elicitation } = capabilities;
  return isObject(elicitation) && elicitation['url'] !== undefined;
}

/** What may be answered with questions (specification 2026-07-28, multi round-trip requests). */
const asking: ReadonlySet<string> = new Set(['prompts/get', 'resources/read', 'tools/call']);

/** Whether the caller is to be sent to the page in the course of the call. */
export function canBeSent(peer: Peer, call: Call, method: string): boolean {
  return peer.era === 'modern' && call.ask !== null && asking.has(method) && opensUrls(peer.capabilities);
}

/**
 * Sends the caller of a stateless revision to the page, and makes the call once that is done; as often as it takes. A
 * caller who does not want to hears what is needed.
 */
export async function sendCaller<T>(
  error: CallerNeeded,
  { peer, call, doings }: { peer: Peer; call: Call; doings: Doings },
  again: () => T | Promise<T>,
): Promise<T> {
  let needed = error;
  for (let round = 0; round < maxRounds; round++) {
    const params = { mode: 'url', url: needed.needed.url, message: needed.message };
    const answer = await call.ask?.('elicitation/create', params, { signal: call.signal });
    if (answer?.['action'] !== 'accept') throw needed;
    // That the caller agreed does not say that it is done.
    if (!(await doings.done(needed.serverId, peer.credential.person, call.signal))) continue;
    try {
      return await again();
    } catch (failure) {
      if (!(failure instanceof CallerNeeded)) throw failure;
      needed = failure;
    }
  }
  throw needed;
}

/** The first session revision with an error that sends a client to a page. */
const firstWithUrls = '2025-11-25';

/** Pages that the client of a session was sent to, by server, until what is done there is done. */
export interface SentPages {
  /** What the session's client is told instead: where to go, if it can. */
  toldAs(error: unknown, client: { version: string; capabilities: JsonObject }): unknown;
  /** Ids of what has been done meanwhile, each once. */
  finished(personal: Personal, person: string): string[];
}

/** Keeps the pages of one session. */
export function createSentPages(): SentPages {
  const ids = new Map<string, string>();
  return {
    toldAs(error, { version, capabilities }) {
      if (!(error instanceof CallerNeeded) || version < firstWithUrls || !opensUrls(capabilities)) return error;
      const { serverId, needed, message, reason } = error;
      const elicitationId = ids.get(serverId) ?? randomUUID();
      ids.set(serverId, elicitationId);
      const elicitations = [{ mode: 'url', elicitationId, url: needed.url, message }];
      return new RpcError(ErrorCode.urlElicitationRequired, reason ?? message, { serverId, elicitations });
    },
    finished(personal, person) {
      const found: string[] = [];
      for (const [serverId, id] of ids) {
        if (typeof personal.standing(serverId, person) !== 'string') continue;
        ids.delete(serverId);
        found.push(id);
      }
      return found;
    },
  };
}
