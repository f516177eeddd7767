import type { Server } from 'node:http';
import type { Socket } from 'node:net';

interface UnreadOptions {
  /** How long bytes may wait for a client that takes none of them. */
  patienceMs: number;
  /** How often it is looked where bytes wait. */
  lookEveryMs: number;
}

const defaults: UnreadOptions = { patienceMs: 30_000, lookEveryMs: 5000 };

function cut(this: Socket): void {
  if (this.writableLength > 0) this.destroy();
}

/**
 * Cuts each connection whose bytes wait for a client that reads nothing for some time (up to twice the patience): the
 * hub would keep the whole answer as long as the connection is open. A client that reads slowly is left alone, and so
 * is a connection with nothing to send. Only connections that are seen waiting get a timer, which Node.js itself
 * puts off as long as the system takes bytes of a write.
 */
export function cutUnread(server: Server, options: Partial<UnreadOptions> = {}): void {
  const { patienceMs, lookEveryMs } = { ...defaults, ...options };
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  function look(): void {
    for (const socket of open) {
      // The same property has the timeout of Node.js for idle connections, which differs and stays.
      const isTimed = socket.timeout === patienceMs;
      if (socket.writableLength > 0 === isTimed) continue;
      socket.off('timeout', cut);
      socket.setTimeout(isTimed ? 0 : patienceMs, cut);
    }
  }
  let looking: NodeJS.Timeout | undefined;
  server.on('listening', () => {
    looking = setInterval(look, lookEveryMs).unref();
  });
  server.on('close', () => clearInterval(looking));
}
