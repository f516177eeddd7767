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
export interface CallerTasks {
  /** What the person has given already; null where something is missing. */
  had(serverId: string, person: string): string | null;
  /** True once the person may use the server with something else than before; false where that does not come about in time. */
  done(asked: { serverId: string; person: string; had: string | null }, signal: CancelSignal): Promise<boolean>;
  /** Somebody may have done something. */
  changed(): void;
}

function givenTo(personal: Personal, serverId: string, person: string): string | null {
  const standing = personal.standing(serverId, person);
  return typeof standing === 'string' ? standing : null;
}

/** Keeps who waits. */
export function createDoings(personal: Personal, waitMs = patienceMs): CallerTasks {
  const waiting = new Set<() => void>();
  return {
    had: (serverId, person) => givenTo(personal, serverId, person),
    done({ serverId, person, had }, signal) {
      return new Promise((resolve) => {
        function settle(isDone: boolean): void {
          clearTimeout(timer);
          waiting.delete(look);
          signal.removeEventListener('abort', giveUp);
          resolve(isDone);
        }
        function look(): void {
          const given = givenTo(personal, serverId, person);
          if (given !== null && given !== had) settle(true);
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
  { peer, call, doings }: { peer: Peer; call: Call; doings: CallerTasks },
  again: () => T | Promise<T>,
): Promise<T> {
  let needed = error;
  for (let round = 0; round < maxRounds; round++) {
    const asked = { serverId: needed.serverId, person: peer.credential.person };
    const had = doings.had(asked.serverId, asked.person);
    const params = { mode: 'url', url: needed.needed.url, message: needed.message };
    const answer = await call.ask?.('elicitation/create', params, { signal: call.signal });
    if (answer?.['action'] !== 'accept') throw needed;
    // That the caller agreed does not say that it is done.
    if (!(await doings.done({ ...asked, had }, call.signal))) continue;
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

interface SentClient {
  version: string;
  capabilities: JsonObject;
  options: { personal: Personal; credential: { person: string } };
}

/** Pages that the client of a session was sent to, by server, until what is done there is done. */
export interface SentPages {
  /** What the session's client is told instead: where to go, if it can. */
  toldAs(error: unknown, client: SentClient): unknown;
  /** Ids of what has been done meanwhile, each once. */
  finished(personal: Personal, person: string): string[];
}

/** Keeps the pages of one session. */
export function createSentPages(): SentPages {
  const sent = new Map<string, { id: string; had: string | null }>();
  return {
    toldAs(error, { version, capabilities, options }) {
      if (!(error instanceof CallerNeeded) || version < firstWithUrls || !opensUrls(capabilities)) return error;
      const { serverId, needed, message, reason } = error;
      const had = givenTo(options.personal, serverId, options.credential.person);
      const elicitationId = sent.get(serverId)?.id ?? randomUUID();
      sent.set(serverId, { id: elicitationId, had });
      const elicitations = [{ mode: 'url', elicitationId, url: needed.url, message }];
      return new RpcError(ErrorCode.urlElicitationRequired, reason ?? message, { serverId, elicitations });
    },
    finished(personal, person) {
      const found: string[] = [];
      for (const [serverId, { id, had }] of sent) {
        const given = givenTo(personal, serverId, person);
        if (given === null || given === had) continue;
        sent.delete(serverId);
        found.push(id);
      }
      return found;
    },
  };
}
