import { isAsyncIterable } from '../../queue.ts';

/** One server-sent event. */
export interface SseEvent {
  event?: string;
  id?: string;
  /** Written as JSON. */
  data: unknown;
}

/** An answer that is a stream: its procedures give events and nothing else. */
export const isStream = (value: unknown): value is AsyncIterable<SseEvent> => isAsyncIterable(value);

const encodeEvent = ({ event, id, data }: SseEvent): string =>
  `${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

const keepAliveMs = 15_000;

/** Answers with the events as they come; a comment every 15 s keeps proxies from closing a quiet stream. */
export function sseResponse(events: AsyncIterable<SseEvent>, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const finish = () => {
    clearInterval(timer);
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(': open\n\n'));
      timer = setInterval(() => controller.enqueue(encoder.encode(': alive\n\n')), keepAliveMs);
      timer.unref();
      signal.addEventListener('abort', finish, { once: true });
    },
    async pull(controller) {
      const next = await iterator.next();
      if (!next.done) {
        controller.enqueue(encoder.encode(encodeEvent(next.value)));
        return;
      }
      clearInterval(timer);
      controller.close();
    },
    cancel: finish,
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    },
  });
}
