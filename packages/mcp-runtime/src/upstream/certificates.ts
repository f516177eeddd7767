import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { setBounded } from '@switchboard/basics';

/** Origins whose certificates are remembered; the one seen longest ago is forgotten first. */
const mostOrigins = 1_000;

/** Until when the certificates are valid that servers showed when they were connected to. */
export interface Certificates {
  /** Takes note of what a connection showed; of one without TLS nothing. */
  note(origin: string, socket: Socket): void;
  /** Epoch milliseconds; null where nothing is known of the URL's origin. */
  expiryOf(url: string): number | null;
}

export function createCertificates(): Certificates {
  const ends = new Map<string, number>();
  return {
    note(origin, socket) {
      if (!(socket instanceof TLSSocket)) return;
      const end = Date.parse(socket.getPeerCertificate().valid_to);
      if (Number.isNaN(end)) return;
      setBounded(ends, origin, end, mostOrigins);
    },
    expiryOf: (url) => (URL.canParse(url) ? (ends.get(new URL(url).origin) ?? null) : null),
  };
}
