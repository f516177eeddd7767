import type { Answer } from '@switchboard/api/dialects';
import type { ServerResponse } from 'node:http';

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

/** An answer as a web response. */
export function toResponse(answer: Answer): Response {
  return new Response(JSON.stringify(answer.body), {
    status: answer.status,
    headers: { ...answer.headers, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}
