import { createHolders } from '../../holders.ts';
import { createLine, type Line, type LineEntry } from '../../line.ts';
import { ErrorCode, type RpcError } from '../../rpc.ts';
import type { HttpContext, JsonObject } from '../../types.ts';
import { HttpRefusal } from '../io/http-io.ts';
import { createSlices } from '../io/slices.ts';
import type { StreamableTransport } from '../transports/streamable.ts';
import type { Views } from '../views.ts';
import { createSession, type Outbox, type Session, type SessionOptions } from './session.ts';

export interface OpenSession {
  session: Session;
  /** Null for HTTP+SSE sessions, which live and die with their stream. */
  transport: StreamableTransport | null;
}

/** The open sessions of clients of session revisions. */
export interface Sessions {
  create(context: HttpContext, outbox: Outbox, transport: StreamableTransport | null): Session;
  get(id: string): OpenSession | undefined;
  drop(id: string): void;
  /** Tells every session soon what changed in its lists; ends those whose endpoint is gone. */
  refresh(): void;
  /** Ends those that were silent too long. */
  sweep(): void;
  count(): number;
  /** Requests of clients that are under way. */
  working(): number;
  /** Ends all of them; what is under way is answered with the error. */
  close(error: RpcError): void;
}

export interface SessionsOptions extends Omit<
  SessionOptions,
  'credential' | 'endpoint' | 'outbox' | 'viewOf' | 'onSeen'
> {
  views: Views;
  sessionIdleMs: number;
  maxSessions: number;
  maxPerPerson: number;
  /** Milliseconds of a clock that nobody sets. */
  elapsed(this: void): number;
  onSessions(this: void, count: number): void;
}

interface SessionEntry extends OpenSession {
  readonly person: string;
  lastSeenAt: number;
  /** It has ended, though requests of it may still be coming to their end. */
  ended: boolean;
  /** Among all sessions and among those of its person, the longest silent first. */
  readonly inHub: LineEntry<SessionEntry>;
  readonly ofPerson: LineEntry<SessionEntry>;
}

interface SessionTable {
  readonly options: SessionsOptions;
  readonly seats: Map<string, SessionEntry>;
  readonly all: Line<SessionEntry>;
  readonly people: Map<string, Line<SessionEntry>>;
  readonly holders: ReturnType<typeof createHolders>;
}

/** Seconds in which the messages kept for resuming are looked through once. */
const prunedIn = 60;
/** The most sessions that are checked where the person with most uses all of theirs. */
const mostAsked = 256;

function isWorking({ session }: OpenSession): boolean {
  return session.working() > 0;
}

/** In use: it has a stream open, or a request at work. */
function isBusy(held: OpenSession): boolean {
  return held.transport === null || held.transport.connected() || isWorking(held);
}

function seen({ options, all, people }: SessionTable, seat: SessionEntry): void {
  if (seat.ended) return;
  seat.lastSeenAt = options.elapsed();
  all.toEnd(seat.inHub);
  people.get(seat.person)?.toEnd(seat.ofPerson);
}

function remove({ options, seats, all, people, holders }: SessionTable, seat: SessionEntry, error?: RpcError): void {
  const mine = people.get(seat.person);
  seat.ended = true;
  seats.delete(seat.session.id);
  all.remove(seat.inHub);
  mine?.remove(seat.ofPerson);
  if (mine?.size() === 0) people.delete(seat.person);
  holders.remove(seat.person);
  seat.session.close(error);
  seat.transport?.close();
  options.onSessions(seats.size);
}

/** Ends the one of a line that was silent longest and may be ended; false where none of so many may. */
function endOne(
  room: SessionTable,
  line: Line<SessionEntry> | undefined,
  mayEnd: (seat: SessionEntry) => boolean,
  most = Infinity,
): boolean {
  for (let left = Math.min(line?.size() ?? 0, most); left > 0; left--) {
    const seat = line?.first();
    if (seat === undefined) return false;
    if (mayEnd(seat)) {
      remove(room, seat);
      return true;
    }
    // Silence begins when it is used no more, so the next who looks finds it at the end.
    seen(room, seat);
  }
  return false;
}

/**
 * Most clients never end their sessions. Where a person has reached the limit, the session that was silent longest is
 * ended; where the hub has, one of the person with most. A session in use stays, unless only its stream is open and its
 * person has more than the new caller's.
 */
function makeRoom(room: SessionTable, person: string): void {
  const { seats, holders, people, all, options } = room;
  const mine = holders.count(person);
  function isIdle(seat: SessionEntry): boolean {
    return !isBusy(seat);
  }
  if (mine >= options.maxPerPerson) {
    if (endOne(room, people.get(person), isIdle)) return;
    const text = `Too many sessions: you hold ${mine}, as many as one person may (MAX_SESSIONS_PER_PERSON). End one, or try again later.`;
    throw new HttpRefusal(503, ErrorCode.server, text);
  }
  if (seats.size < options.maxSessions) return;
  const [top = person] = holders.fromMost();
  // Of several people with most, the new caller gives up a session first.
  const giver = holders.count(top) > mine ? top : person;
  if (endOne(room, people.get(giver), isIdle)) return;
  function isOfMore(seat: SessionEntry): boolean {
    return isIdle(seat) && holders.count(seat.person) >= mine;
  }
  if (endOne(room, all, isOfMore, mostAsked)) return;
  function isOnlyOpen(seat: SessionEntry): boolean {
    return !isWorking(seat);
  }
  if (holders.count(giver) > mine + 1 && endOne(room, people.get(giver), isOnlyOpen)) return;
  const text = `Too many sessions: the hub holds ${seats.size}, its most (MAX_SESSIONS), and all are in use. Try again later.`;
  throw new HttpRefusal(503, ErrorCode.server, text);
}

function open(
  room: SessionTable,
  context: HttpContext,
  outbox: Outbox,
  transport: StreamableTransport | null,
): Session {
  const { options, seats, all, people, holders } = room;
  const { credential, endpoint } = context;
  const { person } = credential;
  function viewOf(session: string | null, capabilities: JsonObject = {}): ReturnType<Views['get']> {
    return options.views.get(credential, endpoint, { session, era: 'legacy', capabilities });
  }
  // Fails before anything is made where the credential does not know the endpoint.
  viewOf(null);
  makeRoom(room, person);
  const session = createSession({
    ...options,
    credential,
    endpoint,
    outbox,
    viewOf,
    onSeen: () => seen(room, seat),
  });
  const mine = people.get(person) ?? createLine<SessionEntry>();
  people.set(person, mine);
  const seat: SessionEntry = {
    session,
    transport,
    person,
    lastSeenAt: options.elapsed(),
    ended: false,
    get inHub() {
      return inHub;
    },
    get ofPerson() {
      return ofPerson;
    },
  };
  const inHub = all.add(seat);
  const ofPerson = mine.add(seat);
  holders.add(person);
  seats.set(session.id, seat);
  options.onSessions(seats.size);
  return session;
}

export function createSessions(options: SessionsOptions): Sessions {
  const room: SessionTable = {
    options,
    seats: new Map(),
    all: createLine(),
    people: new Map(),
    holders: createHolders(),
  };
  const { seats, all } = room;
  function drop(id: string): void {
    const seat = seats.get(id);
    if (seat !== undefined) remove(room, seat);
  }
  const refreshing = createSlices<string>((id) => {
    try {
      seats.get(id)?.session.refresh();
    } catch {
      drop(id);
    }
  });
  let walk = seats.values();

  function prune(): void {
    for (let left = Math.ceil(seats.size / prunedIn); left > 0; left--) {
      const { value, done } = walk.next();
      if (done === true) walk = seats.values();
      else value.transport?.sweep(options.elapsed());
    }
  }

  return {
    create: (context, outbox, transport) => open(room, context, outbox, transport),
    get: (id) => seats.get(id),
    drop,
    refresh: () => refreshing.add(seats.keys()),
    sweep() {
      prune();
      const before = options.elapsed() - options.sessionIdleMs;
      for (let seat = all.first(); seat !== undefined && seat.lastSeenAt < before; seat = all.first()) {
        // Silence counts from the end of the last stream or request.
        if (isBusy(seat)) seen(room, seat);
        else remove(room, seat);
      }
    },
    count: () => seats.size,
    working: () => [...seats.values()].reduce((sum, { session }) => sum + session.working(), 0),
    close(error) {
      refreshing.clear();
      for (const seat of seats.values()) remove(room, seat, error);
    },
  };
}
