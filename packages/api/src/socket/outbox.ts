import { setTimeout as sleep } from 'node:timers/promises';

/** The way out of one connection. */
export interface Transport {
  send(text: string): void;
  /** Bytes that the client has not taken yet. */
  readonly buffered: number;
  close(code: number, reason: string): void;
}

/** An event of a channel. */
export interface Told {
  data: object;
  /** Epoch milliseconds. */
  at: number;
  /** It is what was so when the subscription began, and no change. */
  snapshot?: true;
}

/** Makes the event at the moment of sending: null where the caller may no longer know it. */
export type MakeTold = () => Promise<Told | null> | Told | null;

interface Waiting {
  channel: string;
  /** The further fields of the frame. */
  more: object;
  make: MakeTold;
}

export interface Outbox {
  /** An answer to the client, sent before any event that waits; false where the client has too much unread. */
  answer(frame: object): boolean;
  /** An event of a channel; where too many wait, the oldest is dropped and counted. */
  tell(waiting: Waiting): void;
  end(): void;
}

/** The most events a second for one connection. */
export const mostEventsASecond = 500;
const mostWaiting = 1000;
const mostBufferedBytes = 1024 * 1024;
const mostUnreadBytes = 4 * mostBufferedBytes;
/** Short: with many clients, what is sent in one of them keeps the hub from everything else. */
const sliceMs = 20;
const eventsASlice = (mostEventsASecond * sliceMs) / 1000;

/** The text of an event with many receivers, serialised once. */
const texts = new WeakMap<object, string>();

function textOf(data: object): string {
  const known = texts.get(data);
  if (known !== undefined) return known;
  const text = JSON.stringify(data);
  texts.set(data, text);
  return text;
}

/** Events in the order they came; the oldest makes room for the newest. */
function createRing(most: number) {
  const slots: (Waiting | undefined)[] = Array.from({ length: most });
  let head = 0;
  let count = 0;
  function shift(): Waiting | undefined {
    if (count === 0) return undefined;
    const oldest = slots[head];
    slots[head] = undefined;
    head = (head + 1) % most;
    count -= 1;
    return oldest;
  }
  return {
    get isEmpty() {
      return count === 0;
    },
    shift,
    /** Gives the one that was dropped for it. */
    push(waiting: Waiting): Waiting | undefined {
      const oldest = count === most ? shift() : undefined;
      slots[(head + count) % most] = waiting;
      count += 1;
      return oldest;
    },
    clear() {
      slots.fill(undefined);
      count = 0;
    },
  };
}

/** Sends events in order, no faster than the client reads and a second allows. */
export function createOutbox(transport: Transport, failed: (error: unknown) => void): Outbox {
  const waiting = createRing(mostWaiting);
  const dropped = new Map<string, number>();
  let running = false;
  const state = { ended: false };
  let slice = { began: 0, left: 0 };

  /** Waits until the client has read enough, and until the second has room for one more event. */
  async function room(): Promise<void> {
    while (!state.ended && transport.buffered > mostBufferedBytes) await sleep(sliceMs);
    const spent = performance.now() - slice.began;
    if (spent < sliceMs && slice.left === 0) await sleep(sliceMs - spent);
    if (performance.now() - slice.began >= sliceMs) slice = { began: performance.now(), left: eventsASlice };
    slice.left = Math.max(0, slice.left - 1);
  }

  function lose(channel: string): void {
    dropped.set(channel, (dropped.get(channel) ?? 0) + 1);
  }

  async function send({ channel, more, make }: Waiting): Promise<void> {
    let told: Told | null;
    try {
      told = await make();
    } catch {
      // The database or another source is away at the moment: the client learns that it missed an event.
      return lose(channel);
    }
    if (!told || state.ended) return;
    const { data, at, snapshot } = told;
    const lost = dropped.get(channel);
    dropped.delete(channel);
    const head = JSON.stringify({ type: channel, channel, ...more });
    const tail = JSON.stringify({
      timestamp: new Date(at).toISOString(),
      ...(snapshot && { snapshot }),
      ...(lost !== undefined && { dropped: lost }),
    });
    transport.send(`${head.slice(0, -1)},"data":${textOf(data)},${tail.slice(1)}`);
  }

  async function run(): Promise<void> {
    running = true;
    try {
      while (!waiting.isEmpty) {
        await room();
        const oldest = waiting.shift();
        if (oldest) await send(oldest);
      }
    } catch (error) {
      failed(error);
    }
    // Set in the same tick as the last look: a later event starts a new loop.
    running = false;
  }

  return {
    answer(frame) {
      if (transport.buffered > mostUnreadBytes) return false;
      if (!state.ended) transport.send(JSON.stringify(frame));
      return true;
    },
    tell(event) {
      if (state.ended) return;
      const lost = waiting.push(event);
      if (lost) lose(lost.channel);
      if (!running) void run();
    },
    end() {
      state.ended = true;
      waiting.clear();
    },
  };
}
