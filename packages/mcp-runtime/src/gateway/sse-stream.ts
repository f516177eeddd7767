import type { ServerResponse } from 'node:http';

const KEEP_ALIVE_MS = 15_000;

/** One `text/event-stream` answer. Writes after its end are dropped. */
export interface SseStream {
  /** Frame with an id for resumption, or none. */
  send(data: string, id?: string): void;
  event(name: string, data: string): void;
  /** Bytes Node holds because the client does not read. */
  buffered(): number;
  end(): void;
  ended(): boolean;
  onClose(listener: () => void): void;
}

export interface SseOptions {
  headers?: Readonly<Record<string, string>>;
  /** First frame: an event id without data, so the client can resume before anything was said (2025-11-25). */
  prime?: { id: string; retryMs: number };
}

/** Starts the stream at once, headers included. */
export function openSse(response: ServerResponse, options: SseOptions = {}): SseStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    ...options.headers,
  });
  response.socket?.setNoDelay(true);
  if (options.prime === undefined) response.flushHeaders();
  else response.write(`id: ${options.prime.id}\nretry: ${options.prime.retryMs}\ndata: \n\n`);
  const write = (frame: string): void => {
    if (!response.writableEnded && !response.destroyed) response.write(frame);
  };
  const keepAlive = setInterval(() => write(': ping\n\n'), KEEP_ALIVE_MS);
  keepAlive.unref();
  response.once('close', () => clearInterval(keepAlive));
  return {
    send: (data, id) =>
      write(id === undefined ? `event: message\ndata: ${data}\n\n` : `id: ${id}\nevent: message\ndata: ${data}\n\n`),
    event: (name, data) => write(`event: ${name}\ndata: ${data}\n\n`),
    buffered: () => response.writableLength,
    end() {
      clearInterval(keepAlive);
      if (!response.writableEnded) response.end();
    },
    ended: () => response.writableEnded || response.destroyed,
    onClose: (listener) => response.once('close', listener),
  };
}
