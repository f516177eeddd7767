import { createHolders } from '../../holders.ts';
import { createLine, type Line, type Place } from '../../line.ts';
import { ErrorCode, type RpcError } from '../../rpc.ts';
import type { HttpContext, JsonObject } from '../../types.ts';
import { HttpRefusal } from '../io/http-io.ts';
import { createSlices } from '../io/slices.ts';
import type { StreamableTransport } from '../transports/streamable.ts';
import type { Views } from '../views.ts';
import { createSession, type Outbox, type Session, type SessionOptions } from './session.ts';

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

interface Seat extends Held {
  readonly person: string;
  lastSeenAt: number;
  /** It has ended, though requests of it may still be coming to their end. */
  ended: boolean;
  /** Among all sessions and among those of its person, the longest silent first. */
  readonly inHub: Place<Seat>;
  readonly ofPerson: Place<Seat>;
}

interface Room {
  readonly options: SessionsOptions;
  readonly seats: Map<string, Seat>;
  readonly all: Line<Seat>;
  readonly people: Map<string, Line<Seat>>;
  readonly holders: ReturnType<typeof createHolders>;
}

/** Seconds in which the messages kept for resuming are looked through once. */
const prunedIn = 60;
/** The most sessions that are checked where the person with most uses all of theirs. */
const mostAsked = 256;

function isWorking({ session }: Held): boolean {
  return session.working() > 0;
}

/** In use: it has a stream open, or a request at work. */
function isBusy(held: Held): boolean {
  return held.transport === null || held.transport.connected() || isWorking(held);
}

function seen({ options, all, people }: Room, seat: Seat): void {
  if (seat.ended) return;
  seat.lastSeenAt = options.elapsed();
  all.toEnd(seat.inHub);
  people.get(seat.person)?.toEnd(seat.ofPerson);
}

function remove({ options, seats, all, people, holders }: Room, seat: Seat, error?: RpcError): void {
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
function endOne(room: Room, line: Line<Seat> | undefined, mayEnd: (seat: Seat) => boolean, most = Infinity): boolean {
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
function makeRoom(room: Room, person: string): void {
  const { seats, holders, people, all, options } = room;
  const mine = holders.count(person);
  function isIdle(seat: Seat): boolean {
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
  function isOfMore(seat: Seat): boolean {
    return isIdle(seat) && holders.count(seat.person) >= mine;
  }
  if (endOne(room, all, isOfMore, mostAsked)) return;
  function isOnlyOpen(seat: Seat): boolean {
    return !isWorking(seat);
  }
  if (holders.count(giver) > mine + 1 && endOne(room, people.get(giver), isOnlyOpen)) return;
  const text = `Too many sessions: the hub holds ${seats.size}, its most (MAX_SESSIONS), and all are in use. Try again later.`;
  throw new HttpRefusal(503, ErrorCode.server, text);
}

function open(room: Room, context: HttpContext, outbox: Outbox, transport: StreamableTransport | null): Session {
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
  const mine = people.get(person) ?? createLine<Seat>();
  people.set(person, mine);
  const seat: Seat = {
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
  const room: Room = { options, seats: new Map(), all: createLine(), people: new Map(), holders: createHolders() };
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
