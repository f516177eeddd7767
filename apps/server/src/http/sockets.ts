import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Streams } from '@switchboard/api';
import { familyOf } from '@switchboard/api/dialects';
import { closeCodes, createSocketSession, createTurns, mostFrameBytes } from '@switchboard/api/socket';
import type { Core } from '@switchboard/core';
import { endWith } from './answer.ts';
import { tooMany } from './rate-limit.ts';

/** The path of the WebSocket. */
export const socketPath = '/ws';

/** The WebSockets at /ws. */
export interface Sockets {
  /** Takes over a connection whose request was checked. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, address: string | null): void;
  /** Tells every client that the hub stops, and cuts who does not leave at once. */
  close(): void;
}

const pingEveryMs = 30_000;
/** How long a client may take to answer that the connection closes. */
const leaveMs = 1_000;

/** Closes the connection of a client that does not answer a ping until the next one. */
function watchLife(socket: WebSocket): void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingEveryMs);
  socket.once('close', () => clearInterval(timer));
}

interface Accepted {
  request: IncomingMessage;
  raw: Duplex;
  address: string | null;
}

/** Joins the writes of one turn of the event loop to one system call: these are most of the cost of an event. */
function oneWrite(raw: Duplex): () => void {
  let isHeld = false;
  return () => {
    if (isHeld) return;
    isHeld = true;
    raw.cork();
    setImmediate(() => {
      isHeld = false;
      raw.uncork();
    });
  };
}

/** Speaks the protocol of `@switchboard/api/socket` over WebSockets. */
export function createSockets({ core, streams }: { core: Core; streams: Streams }): Sockets {
  const { log } = core.deps;
  const turns = createTurns();
  const server = new WebSocketServer({ noServer: true, maxPayload: mostFrameBytes, perMessageDeflate: false });

  function serve(socket: WebSocket, { request, raw, address }: Accepted): void {
    const holdWrites = oneWrite(raw);
    const session = createSocketSession({
      core,
      streams,
      turns,
      from: { address, client: request.headers['user-agent'] ?? null },
      transport: {
        send(text) {
          holdWrites();
          socket.send(text);
        },
        get buffered() {
          return socket.bufferedAmount;
        },
        close: (code, reason) => socket.close(code, reason),
      },
    });
    watchLife(socket);
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) return session.receive(data.toString());
      session.end();
      socket.close(closeCodes.binary, 'Only text frames are taken here.');
    });
    // A frame that is too large or broken: the library closes the connection with the code for it.
    socket.on('error', (error) => log.debug({ error: error.message, address }, 'A connection at /ws broke'));
    socket.once('close', () => session.end());
  }

  return {
    accept(request, socket, head, address) {
      // The credentials come with the first frame.
      const state = core.limits.request({ type: 'anonymous' }, address);
      if (!state.allowed) return endWith(socket, familyOf(socketPath)(tooMany(state)));
      server.handleUpgrade(request, socket, head, (opened) => serve(opened, { request, raw: socket, address }));
    },
    close() {
      for (const socket of server.clients) socket.close(closeCodes.goingAway, 'The hub is stopping.');
      const timer = setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, leaveMs);
      timer.unref();
    },
  };
}
