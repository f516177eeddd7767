import { isAsyncIterable } from '../../queue.ts';

/** One server-sent event. */
export interface SseEvent {
  event?: string;
  id?: string;
  /** Written as JSON. */
  data: unknown;
  /** Written as it is instead of `data`. */
  text?: string;
}

/** An answer that is a stream: its procedures give events and nothing else. */
export function isStream(value: unknown): value is AsyncIterable<SseEvent> {
  return isAsyncIterable(value);
}

/** Writes one event of a stream. */
type Encode = (event: SseEvent) => string;

const encodeEvent: Encode = ({ event, id, data, text }) =>
  `${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}data: ${text ?? JSON.stringify(data)}\n\n`;

const encodeLine: Encode = ({ data }) => `${JSON.stringify(data)}\n`;

const keepAliveMs = 15_000;

interface StreamFormat {
  contentType: string;
  encode: Encode;
  /** Sent first, and while nothing happens. */
  comments?: { first: string; alive: string };
}

/** Answers with the events as they come; a comment every 15 s keeps proxies from closing a quiet stream. */
export function sseResponse(events: AsyncIterable<SseEvent>, signal: AbortSignal): Response {
  return streamResponse(events, signal, {
    contentType: 'text/event-stream; charset=utf-8',
    encode: encodeEvent,
    comments: { first: ': open\n\n', alive: ': alive\n\n' },
  });
}

/** Answers with what the events carry as it comes, one JSON value a line. */
export function linesResponse(events: AsyncIterable<SseEvent>, signal: AbortSignal): Response {
  return streamResponse(events, signal, { contentType: 'application/x-ndjson; charset=utf-8', encode: encodeLine });
}

/** Characters that wait to be written together. */
const mostTogether = 65_536;

/**
 * Writes events to a stream of bytes. Those that come together are written together: what a write costs is more than what
 * most events have. While the reader takes nothing, nothing is asked for.
 */
function pump(
  iterator: AsyncIterator<SseEvent>,
  controller: ReadableStreamDefaultController<Uint8Array>,
  encode: Encode,
) {
  const encoder = new TextEncoder();
  let text = '';
  let flushing: NodeJS.Immediate | undefined;
  let room = Promise.withResolvers<void>();
  let stopped = false;

  function flush() {
    clearImmediate(flushing);
    flushing = undefined;
    if (text === '' || stopped) return;
    const bytes = encoder.encode(text);
    text = '';
    controller.enqueue(bytes);
  }
  return {
    /** The reader takes more. */
    pulled() {
      room.resolve();
      room = Promise.withResolvers<void>();
    },
    async run(): Promise<void> {
      for (;;) {
        if ((controller.desiredSize ?? 0) <= 0) await room.promise;
        const next = await iterator.next();
        // A client that disconnected gets no more events, not even the end.
        if (stopped) return;
        if (next.done) break;
        text += encode(next.value);
        if (text.length >= mostTogether) flush();
        else flushing ??= setImmediate(flush);
      }
      flush();
      controller.close();
    },
    stop() {
      stopped = true;
      clearImmediate(flushing);
      room.resolve();
    },
  };
}

function streamResponse(
  events: AsyncIterable<SseEvent>,
  signal: AbortSignal,
  { contentType, encode, comments }: StreamFormat,
): Response {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  let pumping: ReturnType<typeof pump> | undefined;
  function finish() {
    clearInterval(timer);
    pumping?.stop();
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      signal.addEventListener('abort', finish, { once: true });
      if (comments) {
        controller.enqueue(encoder.encode(comments.first));
        timer = setInterval(() => controller.enqueue(encoder.encode(comments.alive)), keepAliveMs);
        timer.unref();
      }
      pumping = pump(iterator, controller, encode);
      pumping
        .run()
        .catch((error: unknown) => controller.error(error))
        .finally(() => clearInterval(timer));
    },
    pull: () => pumping?.pulled(),
    cancel: finish,
  });
  return new Response(body, {
    headers: {
      'content-type': contentType,
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    },
  });
}
