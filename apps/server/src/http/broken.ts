import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { familyOf, type Problem } from '@switchboard/api/dialects';
import { endWith } from './answer.ts';

/** The most bytes of a request's URL and headers together. */
export const mostHeaderBytes = 16 * 1024;

/** The most bytes of them that are read at all: up to this size a refusal knows the path, and with it its shape. */
export const readHeaderBytes = 4 * mostHeaderBytes;

const tooLarge: Problem = {
  code: 'headers_too_large',
  message: `The URL and headers are larger than ${mostHeaderBytes / 1024} KB.`,
};

/** The problem of a request whose URL and headers are too long; null where they are not. */
export function headerProblem({ url = '', rawHeaders }: IncomingMessage): Problem | null {
  let bytes = url.length;
  for (const text of rawHeaders) bytes += text.length + 2;
  return bytes > mostHeaderBytes ? tooLarge : null;
}

interface BrokenRequest extends Error {
  code?: string;
  rawPacket?: Buffer;
}

function problemOf({ code }: BrokenRequest): { problem: Problem; status: number } {
  if (code === 'HPE_HEADER_OVERFLOW') return { problem: tooLarge, status: 431 };
  const isLate = code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const message = isLate ? 'The request took too long to arrive.' : 'This is no HTTP request.';
  return { problem: { code: 'malformed_json', message }, status: isLate ? 408 : 400 };
}

/** The path that the bytes of a request begin with; `/` where they begin with something else. */
function pathnameIn(bytes: Buffer | undefined): string {
  return /^[A-Z]{1,16} (\/[^ ?#\r\n]{0,256})/.exec(bytes?.toString('latin1', 0, 512) ?? '')?.[1] ?? '/';
}

/** Answers what is no request that can be read in the shape of the API it was meant for, as far as its path is known. */
export function answerBroken(server: Server): void {
  const responses = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => responses.set(socket, response));
  server.on('clientError', (error: BrokenRequest, socket: Socket) => {
    const last = responses.get(socket);
    const isAnswering = last !== undefined && last.headersSent && !last.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
      socket.destroy();
      return;
    }
    const { problem, status } = problemOf(error);
    const answer = familyOf(pathnameIn(error.rawPacket))(problem);
    endWith(socket, { status, headers: {}, body: answer.body });
  });
}
