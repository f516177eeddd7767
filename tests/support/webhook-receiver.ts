import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver, which answers as the test says; by itself 200. */
export interface Receiver extends AsyncDisposable {
  url: string;
  seen: { path: string; headers: IncomingHttpHeaders; body: string }[];
  answers: ((response: ServerResponse) => void)[];
}

export async function startReceiver(): Promise<Receiver> {
  const seen: Receiver['seen'] = [];
  const answers: Receiver['answers'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      const answer = answers.shift() ?? ((taken: ServerResponse) => void taken.end('taken'));
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    seen,
    answers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
