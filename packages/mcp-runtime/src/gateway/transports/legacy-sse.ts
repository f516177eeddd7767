import type { IncomingMessage, ServerResponse } from 'node:http';
import { ErrorCode } from '../../rpc.ts';
import type { HttpContext, JsonRpcMessage } from '../../types.ts';
import { messageOf } from '../io/bodies.ts';
import { HttpRefusal, writeHead } from '../io/http-io.ts';
import { readJson } from '../io/read-json.ts';
import { openSse } from '../io/sse-stream.ts';
import type { Outbox } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';

function only(request: IncomingMessage, method: string, what: string): void {
  if (request.method === method) return;
  throw new HttpRefusal(405, ErrorCode.server, `Method Not Allowed: ${what}`, { headers: { allow: method } });
}

/** Opens the stream of a 2024-11-05 client; the session lives as long as it. */
export function openLegacySse(
  sessions: Sessions,
  request: IncomingMessage,
  response: ServerResponse,
  context: HttpContext,
): void {
  only(request, 'GET', 'open the stream with GET');
  const stream = { send: (_message: string): void => undefined, end: (): void => undefined };
  const outbox: Outbox = {
    emit: (message) => stream.send(message),
    answer: (_id, message) => (message === '' ? undefined : stream.send(message)),
    close: () => stream.end(),
  };
  const session = sessions.create(context, outbox, null);
  const sse = openSse(response);
  stream.send = (message) => void sse.send(message);
  stream.end = () => sse.end();
  sse.event('endpoint', `${context.messagesPath}?sessionId=${session.id}`);
  sse.onClose(() => sessions.drop(session.id));
}

/** Takes a message of a 2024-11-05 client; its answer comes on the stream. */
export async function postLegacySse(
  sessions: Sessions,
  request: IncomingMessage,
  response: ServerResponse,
  context: HttpContext,
  admit: (message: JsonRpcMessage) => void,
): Promise<void> {
  only(request, 'POST', 'post messages here');
  const id = new URL(request.url ?? '/', 'http://localhost').searchParams.get('sessionId');
  if (id === null) {
    throw new HttpRefusal(
      400,
      ErrorCode.server,
      'Bad Request: sessionId is needed; open the stream with GET /sse first',
    );
  }
  const message = messageOf(await readJson(request, context));
  admit(message);
  // Looked up after the body, which may have taken its time.
  const held = sessions.get(id);
  if (held === undefined || held.transport !== null || held.session.credential.key !== context.credential.key) {
    throw new HttpRefusal(404, ErrorCode.sessionNotFound, 'Session not found: open a new stream with GET /sse');
  }
  writeHead(response, 202, { 'content-type': 'text/plain' });
  response.end('Accepted');
  held.session.receive(message, context);
}
