/** Counts one body while it is read. */
export interface BodyMeter {
  /** Counts more bytes; past a bound this ends the oldest body of the person who holds too much, maybe this one. */
  add(bytes: number): void;
  /** The body was read, or aborted. */
  close(): void;
}

/** Counts the bytes of bodies that are being read, by caller. */
export interface BodyMeters {
  /** `cut`: called where the body has to make room. */
  open(caller: string, cut: () => void): BodyMeter;
}

interface Body {
  bytes: number;
  cut(): void;
}

interface Caller {
  bytes: number;
  /** In the order in which they began. */
  bodies: Set<Body>;
}

/**
 * Bounds what bodies that are not complete yet hold. The oldest makes room, for a body that is sent in earnest is soon
 * complete: of the caller who is past its bound, else of the caller who holds most.
 */
export function createBodyMeters(most: { perCallerBytes: number; totalBytes: number }): BodyMeters {
  const callers = new Map<string, Caller>();
  let total = 0;

  function end(name: string, body: Body): void {
    const caller = callers.get(name);
    if (!caller?.bodies.delete(body)) return;
    caller.bytes -= body.bytes;
    total -= body.bytes;
    if (caller.bodies.size === 0) callers.delete(name);
  }

  function cutOldest(name: string): void {
    const [oldest] = callers.get(name)?.bodies ?? [];
    if (!oldest) return;
    end(name, oldest);
    oldest.cut();
  }

  function largest(): string {
    let found: [name: string, bytes: number] = ['', -1];
    for (const [name, { bytes }] of callers) if (bytes > found[1]) found = [name, bytes];
    return found[0];
  }

  return {
    open(name, cut) {
      const body: Body = { bytes: 0, cut };
      const caller = callers.get(name) ?? { bytes: 0, bodies: new Set() };
      callers.set(name, caller);
      caller.bodies.add(body);
      return {
        add(bytes) {
          if (!caller.bodies.has(body)) return;
          body.bytes += bytes;
          caller.bytes += bytes;
          total += bytes;
          if (caller.bytes > most.perCallerBytes) cutOldest(name);
          else if (total > most.totalBytes) cutOldest(largest());
        },
        close: () => end(name, body),
      };
    },
  };
}
