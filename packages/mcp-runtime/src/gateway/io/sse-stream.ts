import type { ServerResponse } from 'node:http';
import { writeHead } from './http-io.ts';

const keepAliveMs = 15_000;
/** Bytes a client may leave unread before its stream is cut, so that one that does not read cannot fill the hub. */
const unreadLimit = 8 * 1024 * 1024;

/** One `text/event-stream` answer. Writes after its end are dropped. */
export interface SseStream {
  /** Frame with an id for resumption, or none. False where the stream is over, or was cut because nobody reads it. */
  send(data: string, id?: string): boolean;
  event(name: string, data: string): void;
  end(): void;
  ended(): boolean;
  /** Calls back when the client or the hub has closed it, also where that has happened already. */
  onClose(listener: () => void): void;
}

export interface SseOptions {
  headers?: Readonly<Record<string, string>>;
  /** First frame: an event id without data, so the client can resume before anything was said (2025-11-25). */
  prime?: { id: string; retryMs: number };
}

/** Starts the stream at once, headers included. */
export function openSse(response: ServerResponse, options: SseOptions = {}): SseStream {
  writeHead(response, 200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    ...options.headers,
  });
  response.socket?.setNoDelay(true);
  if (options.prime === undefined) response.flushHeaders();
  else response.write(`id: ${options.prime.id}\nretry: ${options.prime.retryMs}\ndata: \n\n`);
  function write(frame: string): boolean {
    if (response.writableEnded || response.destroyed) return false;
    // The waiting bytes are checked before this frame is added: a single large one is no fault of the reader.
    if (response.writableLength > unreadLimit) {
      response.destroy();
      return false;
    }
    response.write(frame);
    return true;
  }
  const keepAlive = setInterval(() => write(': ping\n\n'), keepAliveMs);
  keepAlive.unref();
  response.once('close', () => clearInterval(keepAlive));
  return {
    send: (data, id) =>
      write(id === undefined ? `event: message\ndata: ${data}\n\n` : `id: ${id}\nevent: message\ndata: ${data}\n\n`),
    event: (name, data) => void write(`event: ${name}\ndata: ${data}\n\n`),
    end() {
      clearInterval(keepAlive);
      if (!response.writableEnded) response.end();
    },
    ended: () => response.writableEnded || response.destroyed,
    onClose(listener) {
      if (response.destroyed) queueMicrotask(listener);
      else response.once('close', listener);
    },
  };
}
