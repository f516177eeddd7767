import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from '@switchboard/api/dialects';
import { endWith } from './answer.ts';
import { socketPath, type Sockets } from './sockets.ts';

export interface UpgradeOptions {
  sockets: Sockets;
  pathnameOf(request: IncomingMessage): string;
  addressOf(request: IncomingMessage): string | null;
  /** The answer to a request that no WebSocket is opened for; null for others. */
  refusalOf(request: IncomingMessage, pathname: string): Answer | null;
}

/**
 * Whether a request wants a WebSocket where there is one. Others that offer to change the protocol (HTTP/2, as some
 * clients do with every request) are answered as if they did not.
 */
export function wantsSocket(request: IncomingMessage, pathname: string): boolean {
  return pathname === socketPath && request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** Takes WebSockets on this port, after the checks of every request. */
export function acceptSockets(server: Server, options: UpgradeOptions): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = options.refusalOf(request, options.pathnameOf(request));
    if (refusal) endWith(socket, refusal);
    else options.sockets.accept(request, socket, head, options.addressOf(request));
  });
}
