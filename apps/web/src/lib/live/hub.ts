import type { LiveEvent } from '../api-types.ts';

/** What a tab wants to be told besides the state of the servers. */
export interface Interest {
  logs: readonly string[];
  calls: boolean;
}

export type LiveState = 'connecting' | 'open' | 'lost';

export type LiveMessage = { kind: 'event'; event: LiveEvent } | { kind: 'state'; state: LiveState };

export interface Connection {
  close(): void;
}

/** Opens the hub's event stream. A short break it mends itself (`connecting`); a refusal ends it (`lost`). */
export type Connect = (
  interest: Interest,
  on: { event: (event: LiveEvent) => void; state: (state: LiveState) => void },
) => Connection;

interface Stream {
  connection: Connection | null;
}

export interface Member {
  want(interest: Interest): void;
  leave(): void;
}

export interface LiveHub {
  join(listener: (message: LiveMessage) => void): Member;
  /** Drops the stream and opens it again, for example after signing in. */
  restart(): void;
}

const longestRetryMs = 30_000;

function union(interests: Iterable<Interest>): Interest {
  const logs = new Set<string>();
  let calls = false;
  for (const interest of interests) {
    for (const id of interest.logs) logs.add(id);
    calls ||= interest.calls;
  }
  return { logs: [...logs].toSorted(), calls };
}

/**
 * One event stream for all its members (a browser allows six connections to a host, and every open stream
 * takes one). The stream asks for what the members want together; when that changes, the new stream is
 * opened before the old one closes, so nothing is missed. Members may see an event twice.
 */
export function createLiveHub(connect: Connect, settleMs = 40): LiveHub {
  const members = new Map<object, { listener: (message: LiveMessage) => void; interest: Interest }>();
  let current: { key: string; stream: Stream } | null = null;
  let state: LiveState = 'connecting';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function tell(message: LiveMessage) {
    for (const { listener } of members.values()) listener(message);
  }

  function retry(): void {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(reopen, Math.min(longestRetryMs, 1000 * 2 ** failures));
    failures += 1;
  }

  function reopen(): void {
    clearTimeout(retryTimer);
    current?.stream.connection?.close();
    current = null;
    settle();
  }

  function open(interest: Interest, key: string): void {
    let old = current?.stream ?? null;
    function release() {
      old?.connection?.close();
      old = null;
    }
    // Made before the connection, which may tell its first state at once.
    const stream: Stream = { connection: null };
    current = { key, stream };
    stream.connection = connect(interest, {
      event: (event) => current?.stream === stream && tell({ kind: 'event', event }),
      state: (next) => {
        if (current?.stream !== stream) return;
        if (next === 'connecting' && old) return;
        release();
        if (next === 'open') failures = 0;
        if (next === 'lost') retry();
        if (next === state) return;
        state = next;
        tell({ kind: 'state', state });
      },
    });
    setTimeout(release, 5000);
  }

  function settle(): void {
    if (members.size === 0) {
      clearTimeout(retryTimer);
      current?.stream.connection?.close();
      current = null;
      return;
    }
    const interest = union([...members.values()].map((member) => member.interest));
    const key = JSON.stringify(interest);
    if (current?.key !== key) open(interest, key);
  }

  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(settle, settleMs);
  }

  return {
    join(listener) {
      const token = {};
      return {
        want(interest) {
          const isNew = !members.has(token);
          members.set(token, { listener, interest });
          if (isNew && current !== null) listener({ kind: 'state', state });
          soon();
        },
        leave() {
          if (members.delete(token)) soon();
        },
      };
    },
    restart() {
      failures = 0;
      reopen();
    },
  };
}
