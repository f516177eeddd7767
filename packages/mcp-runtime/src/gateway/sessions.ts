import { ErrorCode, type RpcError } from '../rpc.ts';
import type { HttpContext, JsonObject } from '../types.ts';
import { HttpRefusal } from './http-io.ts';
import { createSession } from './session.ts';
import type { Outbox, Session, SessionOptions } from './session.ts';
import type { StreamableTransport } from './streamable.ts';
import type { Views } from './views.ts';

export interface Held {
  session: Session;
  /** Null for HTTP+SSE sessions, which live and die with their stream. */
  transport: StreamableTransport | null;
}

/** The open sessions of clients of session revisions. */
export interface Sessions {
  create(context: HttpContext, outbox: Outbox, transport: StreamableTransport | null): Session;
  get(id: string): Held | undefined;
  drop(id: string): void;
  /** Tells every session what changed in its lists; ends those whose endpoint is gone. */
  refresh(): void;
  /** Ends those that were silent too long. */
  sweep(): void;
  count(): number;
  /** Requests that are under way in all of them. */
  working(): number;
  /** Ends all of them; what is under way is answered with the error. */
  close(error: RpcError): void;
}

export interface SessionsOptions extends Omit<SessionOptions, 'credential' | 'endpoint' | 'outbox' | 'viewOf'> {
  views: Views;
  sessionIdleMs: number;
  maxSessions: number;
  maxPerCredential: number;
  onSessions(this: void, count: number): void;
}

function isBusy({ session, transport }: Held): boolean {
  return transport === null || transport.connected() || session.working() > 0;
}

export function createSessions(options: SessionsOptions): Sessions {
  const sessions = new Map<string, Held>();

  const drop = (id: string, error?: RpcError): void => {
    const held = sessions.get(id);
    if (held === undefined) return;
    sessions.delete(id);
    held.session.close(error);
    held.transport?.close();
    options.onSessions(sessions.size);
  };

  /**
   * Most clients never end their sessions. Where a cap is reached, the one of this credential that was silent
   * longest makes room; one that is in use never does.
   */
  const makeRoom = (credential: string): void => {
    let mine = 0;
    let oldest: Session | null = null;
    for (const held of sessions.values()) {
      if (held.session.credential.key !== credential) continue;
      mine++;
      if (isBusy(held) || (oldest !== null && oldest.lastSeenAt <= held.session.lastSeenAt)) continue;
      oldest = held.session;
    }
    if (sessions.size < options.maxSessions && mine < options.maxPerCredential) return;
    if (oldest !== null) return drop(oldest.id);
    const which = mine >= options.maxPerCredential ? `this credential holds ${mine}` : `the hub holds ${sessions.size}`;
    throw new HttpRefusal(503, ErrorCode.server, `Too many sessions: ${which}. End one, or try again later.`);
  };

  return {
    create(context, outbox, transport) {
      const { credential, endpoint } = context;
      const viewOf = (session: string | null, capabilities: JsonObject = {}): ReturnType<Views['get']> =>
        options.views.get(credential, endpoint, { session, era: 'legacy', capabilities });
      // Fails before anything is made where the credential does not know the endpoint.
      viewOf(null);
      makeRoom(credential.key);
      const session = createSession({ ...options, credential, endpoint, outbox, viewOf });
      sessions.set(session.id, { session, transport });
      options.onSessions(sessions.size);
      return session;
    },
    get: (id) => sessions.get(id),
    drop: (id) => drop(id),
    refresh() {
      for (const { session } of sessions.values()) {
        try {
          session.refresh();
        } catch {
          drop(session.id);
        }
      }
    },
    sweep() {
      const now = options.now();
      for (const held of sessions.values()) {
        const { session, transport } = held;
        transport?.sweep(now);
        // Silence counts from the end of the last stream or request.
        if (isBusy(held)) session.lastSeenAt = now;
        else if (session.lastSeenAt < now - options.sessionIdleMs) drop(session.id);
      }
    },
    count: () => sessions.size,
    working: () => [...sessions.values()].reduce((sum, { session }) => sum + session.working(), 0),
    close(error) {
      for (const id of sessions.keys()) drop(id, error);
    },
  };
}
