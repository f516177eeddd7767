import { setTimeout as sleep } from 'node:timers/promises';
import type { Turns } from './turns.ts';

/** The way out of one connection. */
export interface Transport {
  send(text: string): void;
  /** Bytes that the client has not taken yet. */
  readonly buffered: number;
  close(code: number, reason: string): void;
}

/** An event of a channel. */
export interface ChannelEvent {
  data: object;
  /** Epoch milliseconds. */
  at: number;
  /** It is what was so when the subscription began, and no change. */
  snapshot?: true;
}

/** Makes the event at the moment of sending: null where the caller may no longer know it. */
export type MakeChannelEvent = () => Promise<ChannelEvent | null> | ChannelEvent | null;

/** What the frames of one subscription begin with: made once, as events are many. */
export interface FrameHead {
  channel: string;
  text: string;
}

/** The begin of frames of a channel; `more`: their further fields. */
export function frameHead(channel: string, more: object): FrameHead {
  return { channel, text: JSON.stringify({ type: channel, channel, ...more }).slice(0, -1) };
}

interface Waiting {
  head: FrameHead;
  make: MakeChannelEvent;
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

/** The middle of a frame whose event has many receivers, serialised once. */
const texts = new WeakMap<object, { at: number; text: string }>();

function textOf({ data, at }: ChannelEvent): string {
  const known = texts.get(data);
  if (known?.at === at) return known.text;
  const text = `"data":${JSON.stringify(data)},"timestamp":"${new Date(at).toISOString()}"`;
  texts.set(data, { at, text });
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
export function createOutbox(transport: Transport, turns: Turns, failed: (error: unknown) => void): Outbox {
  const waiting = createRing(mostWaiting);
  const dropped = new Map<string, number>();
  let running = false;
  const state = { ended: false };
  let slice = { began: 0, left: 0 };

  function hasRoom(): boolean {
    return slice.left > 0 && transport.buffered <= mostBufferedBytes;
  }

  /** Waits until the client has read enough, and until the second has room for more events. */
  async function room(): Promise<void> {
    while (!state.ended && transport.buffered > mostBufferedBytes) await sleep(sliceMs);
    const spent = performance.now() - slice.began;
    if (spent < sliceMs && slice.left > 0) return;
    if (spent < sliceMs) await sleep(sliceMs - spent);
    await turns.next();
    slice = { began: performance.now(), left: eventsASlice };
  }

  function lose(channel: string): void {
    dropped.set(channel, (dropped.get(channel) ?? 0) + 1);
  }

  function write({ channel, text }: FrameHead, told: ChannelEvent | null): void {
    if (!told || state.ended) return;
    const lost = dropped.get(channel);
    if (lost !== undefined) dropped.delete(channel);
    const snapshot = told.snapshot ? ',"snapshot":true' : '';
    const missed = lost === undefined ? '' : `,"dropped":${lost}`;
    transport.send(`${text},${textOf(told)}${snapshot}${missed}}`);
  }

  /** A promise only where the event has to be waited for: most can be made at once. */
  function send({ head, make }: Waiting): Promise<void> | void {
    // The database or another source is away at the moment: the client learns that it missed an event.
    function away(): void {
      lose(head.channel);
    }
    try {
      const told = make();
      if (told instanceof Promise) return told.then((made) => write(head, made), away);
      write(head, told);
    } catch {
      away();
    }
  }

  async function run(): Promise<void> {
    running = true;
    try {
      while (!waiting.isEmpty) {
        await room();
        while (hasRoom()) {
          const oldest = waiting.shift();
          if (!oldest) break;
          slice.left -= 1;
          const sending = send(oldest);
          if (sending) await sending;
        }
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
      if (lost) lose(lost.head.channel);
      if (!running) void run();
    },
    end() {
      state.ended = true;
      waiting.clear();
    },
  };
}
