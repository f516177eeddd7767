import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from '@switchboard/api/dialects';
import { restOfBody } from '@switchboard/mcp-runtime';

/** Writes an answer on a raw response, with these headers besides its own. */
export function writeAnswer(response: ServerResponse, answer: Answer, headers: Record<string, string> = {}): void {
  const body = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    ...headers,
    ...answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Writes a whole answer on a bare connection, and closes it. */
export function endWith(socket: Duplex, { status, headers, body }: Answer): void {
  const text = JSON.stringify(body);
  const head = {
    ...headers,
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  // Without this, a connection whose client keeps its side open is never closed.
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`, () =>
    socket.destroy(),
  );
}

/** An answer as a web response. */
export function toResponse(answer: Answer): Response {
  return new Response(JSON.stringify(answer.body), {
    status: answer.status,
    headers: { ...answer.headers, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/**
 * An answer to a request whose body is not read to its end. It says that the connection closes, and is whole at once,
 * but ends with the rest of the body.
 */
export function toLastResponse(answer: Answer, request: IncomingMessage): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(answer.body));
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(bytes);
      await restOfBody(request);
      controller.close();
    },
  });
  const { status, headers } = toResponse(answer);
  headers.set('connection', 'close');
  headers.set('content-length', String(bytes.byteLength));
  return new Response(body, { status, headers });
}
